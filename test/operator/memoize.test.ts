import {
  advance,
  type KubeObject,
  load,
  type NodeStatus,
  type Workflow,
  type WorkflowSpec,
} from '@argosy/engine'
import { type Ref, resources } from '@argosy/kube'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identity, type Workbench, workbench } from './workbench.ts'

const spec: WorkflowSpec = {
  entrypoint: 'pod',
  templates: [
    {
      name: 'pod',
      container: { name: 'main', image: 'i', command: ['c'] },
      memoize: { key: 'k', cache: { configMap: { name: 'cache' } } },
    },
  ],
}
const over = ({ metadata }: Workflow) =>
  metadata.labels?.['workflows.argoproj.io/completed'] === 'true'
const cacheRef: Ref = { resource: resources.configMaps, namespace: 'argo', name: 'cache' }

describe('memoized outputs', () => {
  let bench: Workbench
  beforeEach(() => {
    bench = workbench()
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  const run = async (name: string): Promise<NodeStatus | undefined> => {
    await bench.client.create(resources.workflows, {
      ...identity,
      metadata: { name, namespace: 'default' },
      spec,
    } as KubeObject)
    return (await bench.until(name, over)).status?.nodes?.[name]
  }

  it('are found by the next workflow at once, in a ConfigMap that is made for them', async () => {
    const pods = bench.succeedAll()
    const operator = await bench.operator({ load, advance })
    expect((await run('a'))?.memoizationStatus?.hit).toBe(false)
    expect(await run('b')).toMatchObject({
      phase: 'Succeeded',
      memoizationStatus: { hit: true, key: 'k', cacheName: 'cache' },
    })
    expect(pods).toEqual(['a'])
    await operator[Symbol.asyncDispose]()
    const map = await bench.client.get<KubeObject & { data: Record<string, string> }>(cacheRef)
    expect(map?.metadata.labels).toEqual({ 'workflows.argoproj.io/configmap-type': 'Cache' })
    expect(JSON.parse(map?.data['k'] ?? '')).toMatchObject({ nodeID: 'a' })
    expect(bench.log).toEqual([])
  })

  it('are found after a restart', async () => {
    const pods = bench.succeedAll()
    const first = await bench.operator({ load, advance })
    await run('a')
    await first[Symbol.asyncDispose]()
    await bench.operator({ load, advance })
    expect((await run('b'))?.memoizationStatus?.hit).toBe(true)
    expect(pods).toEqual(['a'])
  })

  it('are not looked for in a ConfigMap that is something else', async () => {
    await bench.operator({ load, advance })
    await foreignMap(bench)
    expect(await run('a')).toMatchObject({
      phase: 'Error',
      message:
        "memoization configmap doesn't have workflows.argoproj.io/configmap-type label, refusing to use it",
    })
  })
})

async function foreignMap(bench: Workbench): Promise<void> {
  const metadata = { name: 'cache', namespace: 'argo' }
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { own: 'x' } }
  await bench.client.create(resources.configMaps, map as KubeObject)
}
