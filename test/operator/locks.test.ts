import { advance, type KubeObject, load, type Workflow, type WorkflowSpec } from '@argosy/engine'
import { type Ref, resources } from '@argosy/kube'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identity, type Workbench, workbench, workflowRef } from './workbench.ts'

const engine = { load, advance }
const container = { name: 'main', image: 'i', command: ['c'] }
const whole: WorkflowSpec = {
  entrypoint: 'pod',
  synchronization: { mutexes: [{ name: 'm' }] },
  templates: [{ name: 'pod', container }],
}
const counted: WorkflowSpec = {
  ...whole,
  synchronization: { semaphores: [{ configMapKeyRef: { name: 'limits', key: 'k' } }] },
}
const perNode: WorkflowSpec = {
  entrypoint: 'pod',
  templates: [{ name: 'pod', container, synchronization: { mutexes: [{ name: 'm' }] } }],
}

const phase = (wanted: string) => (workflow: Workflow) => workflow.status?.phase === wanted
const running = phase('Running')
const succeeded = phase('Succeeded')
const waits = (workflow: Workflow) => workflow.status?.message?.startsWith('Waiting for') === true

/** The clock stands still in all of these: nobody is woken by time. */
describe('workflows that share locks', () => {
  let bench: Workbench
  beforeEach(() => {
    bench = workbench()
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  const create = (name: string, spec: WorkflowSpec) =>
    bench.client.create(resources.workflows, {
      ...identity,
      metadata: { name, namespace: 'default' },
      spec,
    } as KubeObject)
  const limits = (k: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', data: { k } })
  const podRef = (name: string): Ref => ({ resource: resources.pods, namespace: 'default', name })
  const finish = async (name: string) => {
    const body = { status: { phase: 'Succeeded' } }
    await bench.client.patch(podRef(name), { type: 'merge', subresource: 'status', body })
  }
  const podNames = async () => (await bench.pods()).map(({ metadata }) => metadata.name).sort()

  it('begin one after the other, each woken by the end of the one before', async () => {
    await bench.operator(engine)
    await create('a', whole)
    await bench.until('a', running)
    await create('b', whole)
    expect((await bench.until('b', waits)).status).toMatchObject({
      phase: 'Pending',
      message: 'Waiting for default/Mutex/m lock. Lock status: 0/1',
      synchronization: { mutex: { waiting: [{ mutex: 'default/Mutex/m', holder: 'default/a' }] } },
    })
    await finish('a')
    const begun = await bench.until('b', running)
    expect(begun.status?.message).toBe(undefined)
    expect((await bench.workflow('a')).status?.synchronization).toBe(undefined)
    await finish('b')
    await bench.until('b', succeeded)
    expect(bench.log).toEqual([])
  })

  it('hand a node’s lock on to another workflow', async () => {
    await bench.operator(engine)
    await create('a', perNode)
    await bench.until('a', running)
    await create('b', perNode)
    const node = (workflow: Workflow) => workflow.status?.nodes?.['b']
    await bench.until('b', (workflow) => node(workflow)?.synchronizationStatus !== undefined)
    expect(await podNames()).toEqual(['a'])
    await finish('a')
    const free = await bench.until('b', (workflow) => {
      const it = node(workflow)
      return it !== undefined && it.synchronizationStatus === undefined
    })
    expect(node(free)).toMatchObject({ phase: 'Pending' })
    expect(node(free)?.message).toBe(undefined)
    // Its pod follows the write that says that it has the lock.
    for (let turn = 0; turn < 100 && (await podNames()).length < 2; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await podNames()).toEqual(['a', 'b'])
  })

  it('go on when somebody edits the ConfigMap that limits them', async () => {
    const metadata = { name: 'limits', namespace: 'default' }
    await bench.client.create(resources.configMaps, { ...limits('1'), metadata } as KubeObject)
    await bench.operator(engine)
    for (const name of ['a', 'b', 'c']) await create(name, counted)
    await Promise.all([bench.until('b', waits), bench.until('c', waits)])
    const ref = { resource: resources.configMaps, ...metadata }
    await bench.client.patch(ref, { type: 'merge', body: { data: { k: '2' } } })
    await bench.until('b', running)
    const still = await bench.until('c', ({ status }) => status?.message?.endsWith('0/2') === true)
    expect(still.status?.phase).toBe('Pending')
  })

  it('find a ConfigMap that the cache has not heard of yet', async () => {
    await bench.operator(engine)
    const metadata = { name: 'limits', namespace: 'default' }
    const made = bench.client.create(resources.configMaps, {
      ...limits('1'),
      metadata,
    } as KubeObject)
    await Promise.all([made, create('a', counted)])
    await bench.until('a', running)
  })

  it('go on when the one that holds the lock is deleted', async () => {
    await bench.operator(engine)
    await create('a', whole)
    await bench.until('a', running)
    await create('b', whole)
    await bench.until('b', waits)
    await bench.client.remove(workflowRef('a'))
    await bench.until('b', running)
  })

  it('keep their locks through a restart, and their places in line', async () => {
    const first = await bench.operator(engine)
    await create('a', whole)
    await bench.until('a', running)
    await create('b', { ...whole, priority: 1 })
    await create('c', { ...whole, priority: 2 })
    await Promise.all([bench.until('b', waits), bench.until('c', waits)])
    await first[Symbol.asyncDispose]()
    await bench.operator(engine)
    await create('d', whole)
    await bench.until('d', waits)
    expect(await podNames()).toEqual(['a'])
    await finish('a')
    await bench.until('c', running)
    await finish('c')
    await bench.until('b', running)
    await finish('b')
    await bench.until('d', running)
  })
})
