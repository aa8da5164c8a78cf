import { resources } from '@argosy/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArgoApi, hello, inDefault, openArgoApi, put } from './argo-api.ts'

const label = 'workflows.argoproj.io/controller-instanceid'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi({ instance: 'blue' })
  await put(api.client, 'plain', { metadata: { name: 'plain', namespace: 'default' } })
  const labels = { [label]: 'blue' }
  await put(api.client, 'own', { metadata: { name: 'own', namespace: 'default', labels } })
})
afterAll(() => api[Symbol.asyncDispose]())

const namesAt = async (path: string) => {
  const { json } = await api.ask(path)
  const items = json['items'] as { metadata: { name: string } }[]
  return items.map(({ metadata }) => metadata.name)
}

test('only what has the id is listed, and what has another cannot be asked for or changed', async () => {
  expect(await namesAt(inDefault)).toEqual(['own'])
  expect((await api.ask(`${inDefault}/own`)).code).toBe(200)
  for (const [path, method] of [
    [`${inDefault}/plain`, 'GET'],
    [`${inDefault}/plain`, 'DELETE'],
    [`${inDefault}/plain/terminate`, 'PUT'],
    [`${inDefault}/plain/why`, 'GET'],
  ] as const) {
    const body = method === 'PUT' ? { body: {} } : {}
    const { code, json } = await api.ask(path, { method, ...body })
    expect([path, method, code, json['message']]).toEqual([
      ...[path, method, 400],
      expect.stringContaining("'plain' is not managed by the current Argo Server"),
    ])
  }
})

test.each([
  ['workflows/default', 'workflow', {}],
  ['workflow-templates/default', 'template', {}],
  ['cron-workflows/default', 'cronWorkflow', { schedules: ['* * * * *'], workflowSpec: hello }],
])('what is created at %s gets the id', async (path, field, own) => {
  const spec = Object.keys(own).length > 0 ? own : hello
  const object = { metadata: { name: 'new', labels: { [label]: 'red', a: 'b' } }, spec }
  const all = `/api/v1/${path}`
  const { code, json } = await api.ask(all, { method: 'POST', body: { [field]: object } })
  expect(code).toBe(200)
  expect(json['metadata']).toMatchObject({ labels: { [label]: 'blue', a: 'b' } })
  expect(await namesAt(all)).toContain('new')
})

test('who watches hears of nothing else', async () => {
  const events = `/api/v1/workflow-events/default?listOptions.resourceVersion=0`
  await api.streaming(events, {}, async (next) => {
    let heard = ''
    while (!heard.includes('"name":"own"')) heard += await next()
    expect(heard).not.toContain('"name":"plain"')
  })
  const ref = { resource: resources.workflows, namespace: 'default', name: 'plain' }
  expect(await api.client.get(ref)).toBeDefined()
})
