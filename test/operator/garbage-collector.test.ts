import { localClient, Store } from '@argosy/cluster'
import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import { type Client, handClock, resources } from '@argosy/kube'
import { startGarbageCollector } from '@argosy/operators'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const begin = Date.UTC(2026, 0, 1)
const finishedAt = '2026-01-01T00:00:00Z'

let open: AsyncDisposableStack
let client: Client
let clock: ReturnType<typeof handClock>

beforeEach(async () => {
  open = new AsyncDisposableStack()
  clock = handClock(begin)
  const store = open.use(new Store({ fatal: (error) => expect.unreachable(error.message) }))
  client = localClient({ store, clock })
})
afterEach(() => open.disposeAsync())

it('deletes a workflow when its time is over, and not a moment before', async () => {
  await finished('w', 'Succeeded', { ttlStrategy: { secondsAfterSuccess: 60 } })
  await collect()
  await passes(60_999)
  expect(await there(resources.workflows, 'w')).toBe(true)
  await passes(1)
  await vi.waitFor(async () => expect(await there(resources.workflows, 'w')).toBe(false))
})

it('remembers what is due when it is started late', async () => {
  await finished('w', 'Failed', { ttlStrategy: { secondsAfterFailure: 1 } })
  await passes(3_600_000)
  await collect()
  await vi.waitFor(async () => expect(await there(resources.workflows, 'w')).toBe(false))
})

it('keeps a workflow without ttlStrategy, and one whose strategy is for another end', async () => {
  await finished('plain', 'Succeeded', {})
  await finished('other', 'Succeeded', { ttlStrategy: { secondsAfterFailure: 1 } })
  await collect()
  await passes(86_400_000)
  expect(await there(resources.workflows, 'plain')).toBe(true)
  expect(await there(resources.workflows, 'other')).toBe(true)
})

it('deletes pods by their own strategy once they are released', async () => {
  await pod('gone', 'OnPodCompletion/5s', 'w', 'true')
  await pod('kept', 'OnPodCompletion/5s', 'w', 'false')
  await collect()
  await passes(5000)
  await vi.waitFor(async () => expect(await there(resources.pods, 'gone')).toBe(false))
  expect(await there(resources.pods, 'kept')).toBe(true)
})

it('deletes pods that wait for their workflow, and releases those it left behind', async () => {
  await pod('waits', 'OnWorkflowSuccess/5s', 'w', 'true')
  await pod('left', undefined, 'w', 'false')
  await collect()
  await finished('w', 'Succeeded', {})
  await vi.waitFor(async () => expect(clock.waiting).toBeGreaterThan(0))
  await passes(5000)
  await vi.waitFor(async () => expect(await there(resources.pods, 'waits')).toBe(false))
  await vi.waitFor(async () => {
    const left = await client.get({ resource: resources.pods, namespace: 'default', name: 'left' })
    expect(left?.metadata.labels?.['workflows.argoproj.io/completed']).toBe('true')
  })
})

it('deletes artifacts at the end and with the workflow, which waits for it', async () => {
  await finished('w', 'Succeeded', { artifactGC: { strategy: 'OnWorkflowDeletion' } }, [
    { name: 'a', artifactGC: { strategy: 'OnWorkflowCompletion' } },
    { name: 'b' },
  ])
  await collect()
  await vi.waitFor(async () => expect((await read('w'))?.status?.artifactGCStatus).toBeDefined())
  expect(removed).toEqual(['default/a'])
  expect((await read('w'))?.status?.nodes?.['n']?.outputs?.artifacts?.[0]?.deleted).toBe(true)
  await client.remove({ resource: resources.workflows, namespace: 'default', name: 'w' })
  await vi.waitFor(async () => expect(await there(resources.workflows, 'w')).toBe(false))
  expect(removed).toEqual(['default/a', 'default/b'])
})

it('keeps a deleted workflow whose artifact cannot be deleted, and says why', async () => {
  await finished('w', 'Succeeded', { artifactGC: { strategy: 'OnWorkflowDeletion' } }, [
    { name: 'stubborn' },
  ])
  await collect()
  await client.remove({ resource: resources.workflows, namespace: 'default', name: 'w' })
  await vi.waitFor(async () =>
    expect((await read('w'))?.status?.conditions).toEqual([
      { type: 'ArtifactGCError', status: 'True', message: 'cannot be deleted' },
    ]),
  )
  await turns()
  expect(await there(resources.workflows, 'w')).toBe(true)
})

const removed: string[] = []

function read(name: string): Promise<Workflow | undefined> {
  return client.get<Workflow>({ resource: resources.workflows, namespace: 'default', name })
}

async function collect(): Promise<void> {
  removed.length = 0

  const remove = async (namespace: string, { name }: { readonly name: string }) => {
    if (name === 'stubborn') throw new Error('cannot be deleted')
    removed.push(`${namespace}/${name}`)
  }
  open.use(await startGarbageCollector({ client, clock, remove }))
  await turns()
}

/** Lets everything that can go on now go on, before and after time has passed. */
async function passes(ms: number): Promise<void> {
  await turns()
  clock.advance(ms)
  await turns()
}

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

async function there(resource: typeof resources.pods | typeof resources.workflows, name: string) {
  return (await client.get({ resource, namespace: 'default', name })) !== undefined
}

async function finished(
  name: string,
  phase: string,
  spec: object,
  artifacts: readonly object[] = [],
): Promise<void> {
  const node = { id: 'n', name, displayName: name, type: 'Pod', outputs: { artifacts } }
  const held = artifacts.length > 0
  const workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name,
      namespace: 'default',
      labels: { 'workflows.argoproj.io/completed': 'true' },
      ...(held && { finalizers: ['workflows.argoproj.io/artifact-gc'] }),
    },
    spec,
    status: { phase, finishedAt, ...(held && { nodes: { n: node } }) },
  }
  await client.create(resources.workflows, workflow as KubeObject & Partial<Workflow>)
}

async function pod(name: string, gc: string | undefined, workflow: string, completed: string) {
  const ref = { resource: resources.pods, namespace: 'default', name }
  const made: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      labels: {
        'workflows.argoproj.io/workflow': workflow,
        'workflows.argoproj.io/completed': completed,
      },
      ...(gc !== undefined && {
        annotations: { 'workflows.argoproj.io/pod-gc-strategy': gc },
      }),
    },
    spec: { containers: [{ name: 'main', image: 'busybox' }] },
  }
  await client.create(resources.pods, made)
  const state = { terminated: { exitCode: 0, finishedAt } }
  const status = { phase: 'Succeeded', containerStatuses: [{ name: 'main', state }] }
  await client.patch(ref, { type: 'merge', subresource: 'status', body: { status } })
}
