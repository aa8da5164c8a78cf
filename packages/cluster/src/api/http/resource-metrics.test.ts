import { resources } from '@argosy/kube'
import { beforeAll, describe, expect, it } from 'vitest'
import { inDefault, testApi } from './api.fixture.ts'

const uids = new Map<string, string>()
const api = testApi({
  usage: {
    nodeName: 'here',
    read: async () => ({
      ...{ at: Date.parse('2026-01-01T00:00:00Z'), windowMs: 500 },
      machine: { cpu: 1.5, memory: 2 ** 30 },
      containers: [{ uid: uids.get('p') ?? '', container: 'c', cpu: 0.0123, memory: 4096 }],
    }),
  },
})
const root = '/apis/metrics.k8s.io/v1beta1'

beforeAll(async () => {
  for (const name of ['here', 'elsewhere'])
    await api.client.create(resources.nodes, {
      ...{ apiVersion: 'v1', kind: 'Node', metadata: { name } },
    })
  for (const name of ['p', 'q']) {
    const spec = { containers: [{ name: 'c', image: 'busybox' }] }
    const body = { metadata: { name, labels: { app: name } }, spec }
    const { json } = await api.ask(`${inDefault}/pods`, { method: 'POST', body })
    uids.set(name, String((json['metadata'] as { uid?: string }).uid))
  }
})

describe('what machines and pods use', () => {
  it('is told of those that are measured', async () => {
    const nodes = await api.ask(`${root}/nodes`)
    expect([nodes.code, nodes.json]).toMatchObject([
      200,
      {
        kind: 'NodeMetricsList',
        items: [{ metadata: { name: 'here' }, usage: { cpu: '1500000000n', memory: '1048576Ki' } }],
      },
    ])
    const pods = await api.ask(`${root}/namespaces/default/pods`)
    const usage = { cpu: '12300000n', memory: '4Ki' }
    expect(pods.json['items']).toMatchObject([
      { metadata: { name: 'p', namespace: 'default' }, containers: [{ name: 'c', usage }] },
    ])
    expect((pods.json['items'] as object[]).length).toBe(1)
  })

  it('is selected by labels and by name', async () => {
    const items = async (path: string) => (await api.ask(`${root}/${path}`)).json['items']
    expect(await items('pods?labelSelector=app%3Dq')).toEqual([])
    expect(await items('pods?labelSelector=app%3Dp')).toHaveLength(1)
    const one = await api.ask(`${root}/namespaces/default/pods/p`)
    expect([one.code, one.json['kind']]).toEqual([200, 'PodMetrics'])
    expect((await api.ask(`${root}/namespaces/default/pods/q`)).code).toBe(404)
    expect((await api.ask(`${root}/nodes/elsewhere`)).code).toBe(404)
  })

  it('is told to those who may know it', async () => {
    const headers = { 'impersonate-user': 'nobody' }
    expect((await api.ask(`${root}/nodes`, { headers })).code).toBe(403)
  })

  it('is in discovery, and cannot be written', async () => {
    const { json } = await api.ask(root)
    expect(json['resources']).toMatchObject([
      { name: 'nodes', kind: 'NodeMetrics', verbs: ['get', 'list'] },
      { name: 'pods', kind: 'PodMetrics', namespaced: true },
    ])
    expect((await api.ask(`${root}/nodes`, { method: 'POST', body: {} })).code).toBe(404)
  })
})
