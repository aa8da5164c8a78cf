import { advance, type KubeObject, load, type Workflow, type WorkflowSpec } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorkflowOperator } from '../../packages/operators/src/index.ts'
import { identity, type Workbench, workbench } from './workbench.ts'

const spec: WorkflowSpec = {
  entrypoint: 'pod',
  templates: [{ name: 'pod', container: { name: 'main', image: 'i', command: ['c'] } }],
}
const phase = (wanted: string) => (workflow: Workflow) => workflow.status?.phase === wanted
const postponed =
  'Workflow processing has been postponed because too many workflows are already running'

describe('a limit to the workflows that run', () => {
  let bench: Workbench
  const operators: AsyncDisposable[] = []
  beforeEach(() => {
    bench = workbench()
  })
  afterEach(async () => {
    for (const one of operators.splice(0)) await one[Symbol.asyncDispose]()
    await bench[Symbol.asyncDispose]()
  })

  const start = async (limits: { parallelism?: number; namespaceParallelism?: number } = {}) => {
    const { client, clock, log } = bench
    const options = { client, clock, engine: { load, advance }, ...limits }
    const one = await startWorkflowOperator({ ...options, log: (line) => log.push(line) })
    operators.push(one)
    return one
  }
  const create = (name: string, more: Partial<WorkflowSpec> = {}) =>
    bench.client.create(resources.workflows, {
      ...identity,
      metadata: { name, namespace: 'default' },
      spec: { ...spec, ...more },
    } as KubeObject)
  const finish = async (name: string) => {
    const body = { status: { phase: 'Succeeded' } }
    const ref = { resource: resources.pods, namespace: 'default', name }
    await bench.client.patch(ref, { type: 'merge', subresource: 'status', body })
  }
  const config = (data: Record<string, string>) =>
    bench.client.create(resources.configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'workflow-controller-configmap', namespace: 'argo' },
      data,
    } as KubeObject)

  it('keeps the others Pending with upstream’s message, and lets the highest priority go first', async () => {
    await start({ parallelism: 1 })
    await create('first')
    await bench.until('first', phase('Running'))
    await create('low')
    await create('high', { priority: 5 })
    const [low] = await Promise.all(['low', 'high'].map((n) => bench.until(n, phase('Pending'))))
    expect(low?.status).toEqual({ phase: 'Pending', message: postponed })
    expect(low?.metadata.labels).toMatchObject({ 'workflows.argoproj.io/phase': 'Pending' })
    await finish('first')
    const high = await bench.until('high', phase('Running'))
    expect(high.status?.message).toBe(undefined)
    expect((await bench.workflow('low')).status?.phase).toBe('Pending')
    await finish('high')
    await bench.until('low', phase('Running'))
  })

  it('is read from the controller’s ConfigMap, and heeded when that is edited', async () => {
    await config({ namespaceParallelism: '1', nodeEvents: 'enabled: false' })
    await start()
    await create('first')
    await bench.until('first', phase('Running'))
    await create('second')
    await bench.until('second', phase('Pending'))
    expect(bench.log).toEqual(['workflow-controller-configmap: "nodeEvents" has no effect here'])
    const ref = {
      resource: resources.configMaps,
      namespace: 'argo',
      name: 'workflow-controller-configmap',
    }
    const data = { namespaceParallelism: '2', instanceID: 'blue' }
    await bench.client.patch(ref, { type: 'merge', body: { data } })
    await bench.until('second', phase('Running'))
    expect(bench.log.slice(1)).toEqual([
      'workflow-controller-configmap: "instanceID" is read at the start: start anew to heed its change',
      'workflow-controller-configmap: "nodeEvents" has no effect here',
    ])
  })

  it('may be set by a namespace’s own label', async () => {
    await start({ namespaceParallelism: 1 })
    await create('first')
    await bench.until('first', phase('Running'))
    await create('second')
    await bench.until('second', phase('Pending'))
    const labels = { 'workflows.argoproj.io/parallelism-limit': '2' }
    const ref = { resource: resources.namespaces, name: 'default' }
    await bench.client.patch(ref, { type: 'merge', body: { metadata: { labels } } })
    await bench.until('second', phase('Running'))
  })

  it('counts what runs already after a restart, and lets what is to be terminated pass', async () => {
    const before = await start({ parallelism: 1 })
    await create('first')
    await bench.until('first', phase('Running'))
    await create('second')
    await bench.until('second', phase('Pending'))
    await before[Symbol.asyncDispose]()
    await start({ parallelism: 1 })
    await create('third', { shutdown: 'Terminate' })
    await bench.until('third', phase('Failed'))
    expect((await bench.workflow('second')).status?.phase).toBe('Pending')
    await finish('first')
    await bench.until('second', phase('Running'))
  })
})
