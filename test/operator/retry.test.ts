import { localClient, Store } from '@argosy/cluster'
import { type KubeObject, type Pod, retryWorkflow, type Workflow } from '@argosy/engine'
import { handClock, type Ref, resources } from '@argosy/kube'
import { startWorkflowOperator } from '@argosy/operators'
import { expect, it, vi } from 'vitest'

const spec = {
  entrypoint: 'main',
  templates: [
    { name: 'main', steps: [[{ name: 'a', template: 'pod' }], [{ name: 'b', template: 'pod' }]] },
    { name: 'pod', container: { image: 'i', command: ['c'] } },
  ],
}
const ref: Ref = { resource: resources.workflows, namespace: 'default', name: 'w' }

it('a workflow that is retried is taken up, and what succeeded does not run again', async () => {
  await using open = new AsyncDisposableStack()
  const clock = handClock(Date.UTC(2026, 0, 1))
  const store = open.use(new Store({ fatal: (error) => expect.unreachable(error.message) }))
  const client = localClient({ store, clock })
  const log: string[] = []
  open.use(await startWorkflowOperator({ client, clock, log: (line) => log.push(line) }))
  const created: string[] = []
  const end = async (phase: 'Succeeded' | 'Failed') => {
    const pod = await vi.waitFor(async () => {
      const { items } = await client.list<Pod>({ resource: resources.pods })
      const open = items.find(
        ({ status }) => status?.phase === undefined || status.phase === 'Pending',
      )
      if (open === undefined) throw new Error('no pod waits')
      return open
    })
    const { name = '', namespace = '' } = pod.metadata
    created.push(pod.metadata.annotations?.['workflows.argoproj.io/node-name'] ?? name)
    const target = { resource: resources.pods, namespace, name }
    await client.patch(target, {
      type: 'merge',
      subresource: 'status',
      body: { status: { phase } },
    })
  }
  const ended = (phase: string) =>
    vi.waitFor(async () => {
      const workflow = await client.get<Workflow>(ref)
      if (workflow?.status?.phase !== phase) throw new Error(`${workflow?.status?.phase}`)
      return workflow
    })

  await client.create(resources.workflows, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w', namespace: 'default' },
    spec,
  } as KubeObject)
  await end('Succeeded')
  await end('Failed')
  const failed = await ended('Failed')

  const retried = retryWorkflow(failed, { now: clock.now() })
  if ('refused' in retried) throw new Error(retried.refused)
  for (const name of retried.podsToDelete) {
    await client.remove({ resource: resources.pods, namespace: 'default', name })
  }
  await client.update(resources.workflows, retried.workflow)
  await end('Succeeded')
  await ended('Succeeded')
  expect(created).toEqual(['w[0].a', 'w[1].b', 'w[1].b'])
  expect(log).toEqual([])
})
