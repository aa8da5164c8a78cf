import { beforeAll, describe, expect, it } from 'vitest'
import { testApi } from './api.fixture.ts'

const api = testApi()
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const scale = `${deployments}/web/scale`

const patch = (type: string, body: object) =>
  api.ask(scale, { method: 'PATCH', type: `application/${type}+json`, body })

beforeAll(async () => {
  const labels = { app: 'web' }
  const spec = { containers: [{ name: 'c', image: 'i:1' }] }
  const body = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  }
  await api.ask(deployments, { method: 'POST', body })
})

describe("an object's scale", () => {
  it.each([
    { type: 'merge-patch', body: { spec: { replicas: 2 } } },
    { type: 'strategic-merge-patch', body: { spec: { replicas: 4 } } },
    { type: 'json-patch', body: [{ op: 'replace', path: '/spec/replicas', value: 5 }] },
  ])('is patched by a $type', async ({ type, body }) => {
    const want = Array.isArray(body) ? 5 : body.spec.replicas
    expect((await patch(type, body)).json).toMatchObject({
      kind: 'Scale',
      spec: { replicas: want },
    })
  })

  it('stays what it is when a patch does not speak of it', async () => {
    const before = (await api.ask(scale)).json['spec']
    const { json } = await patch('merge-patch', { metadata: { labels: { a: 'b' } } })
    expect(json['spec']).toEqual(before)
  })

  it('is told of a version that is not the last one', async () => {
    const body = { metadata: { resourceVersion: '1' }, spec: { replicas: 1 } }
    expect((await patch('merge-patch', body)).code).toBe(409)
  })

  it('has columns of its own', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { json } = await api.ask(scale, { headers: { accept } })
    const columns = json['columnDefinitions'] as unknown as readonly { readonly name: string }[]
    expect(columns.map(({ name }) => name)).toEqual(['Name', 'Desired', 'Available', 'Age'])
    expect(json['rows']).toMatchObject([{ cells: ['web', 5, 0, expect.any(String)] }])
  })
})
