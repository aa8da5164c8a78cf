import { localClient, Store } from '@argosy/cluster'
import type { KubeObject } from '@argosy/engine'
import { handClock, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { artifactsDeleted } from './artifacts-deleted.ts'

const never = new AbortController().signal

test('a run waits for what its end has to delete, and for nothing else', async () => {
  await using store = new Store({ fatal: (error) => expect.unreachable(error.message) })
  const clock = handClock(0)
  const client = localClient({ store, clock })
  const make = (name: string, finalizers: readonly string[]) =>
    client.create(resources.workflows, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: {
        name,
        namespace: 'default',
        finalizers,
        labels: { 'workflows.argoproj.io/completed': 'true' },
      },
      spec: {},
    } as KubeObject)
  await make('plain', [])
  await make('held', ['workflows.argoproj.io/artifact-gc'])
  await artifactsDeleted({ client, clock, keys: ['default/plain', 'default/gone'] }, never)

  let over = false
  const waits = artifactsDeleted({ client, clock, keys: ['default/held'] }, never).then(() => {
    over = true
  })
  while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(over).toBe(false)
  const body = {
    status: { artifactGCStatus: { strategiesProcessed: { OnWorkflowCompletion: true } } },
  }
  const ref = { resource: resources.workflows, namespace: 'default', name: 'held' }
  await client.patch(ref, { type: 'merge', body })
  clock.advance(20)
  await waits
})

test('whoever gives up does not wait', async () => {
  await using store = new Store({ fatal: (error) => expect.unreachable(error.message) })
  const client = localClient({ store, clock: handClock(0) })
  await artifactsDeleted({ client, clock: handClock(0), keys: ['default/x'] }, AbortSignal.abort())
})
