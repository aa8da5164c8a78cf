import type { JsonObject } from '@argosy/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArgoApi, hello, openArgoApi } from './argo-api.ts'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const cronSpec = { schedules: ['* * * * *'], workflowSpec: hello }
const kinds = [
  ['workflow-templates/default', 'template', hello, 'workflowtemplates', 'WorkflowTemplate'],
  [
    'cluster-workflow-templates',
    'template',
    hello,
    'clusterworkflowtemplates',
    'ClusterWorkflowTemplate',
  ],
  ['cron-workflows/default', 'cronWorkflow', cronSpec, 'cronworkflows', 'CronWorkflow'],
] as const

describe.each(kinds)('%s', (path, field, spec, plural, kind) => {
  const all = `/api/v1/${path}`
  const send = (method: string, where: string, object?: object) =>
    api.ask(`${all}${where}`, { method, body: object === undefined ? {} : { [field]: object } })
  const names = (json: JsonObject) =>
    (json['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)

  test('are created, read, replaced, listed and deleted', async () => {
    const made = await send('POST', '', { metadata: { name: 'b' }, spec })
    expect(made.json).toMatchObject({
      kind,
      metadata: { name: 'b', uid: expect.any(String) },
      spec,
    })
    expect((await api.ask(`${all}/b`)).json).toEqual(made.json)
    await send('POST', '', { metadata: { name: 'a' }, spec })
    expect(names((await api.ask(all)).json)).toEqual(['a', 'b'])
    const labels = { x: 'y' }
    const metadata = { ...(made.json['metadata'] as object), labels }
    const replaced = await send('PUT', '/b', { metadata, spec })
    expect(replaced.json).toMatchObject({ metadata: { name: 'b', labels } })
    const stale = await send('PUT', '/b', { metadata, spec })
    expect([stale.code, stale.json['code']]).toEqual([409, 6])
    expect(names((await api.ask(`${all}?listOptions.labelSelector=x%3Dy`)).json)).toEqual(['b'])
    expect((await api.ask(`${all}/b`, { method: 'DELETE' })).json).toEqual({})
    const gone = await api.ask(`${all}/b`)
    expect(gone.json).toEqual({ code: 5, message: `${plural}.argoproj.io "b" not found` })
  })

  test('have pages, also of those with a name like this', async () => {
    for (const name of ['page-1', 'page-2', 'page-3'])
      await send('POST', '', { metadata: { name }, spec })
    const first = await api.ask(`${all}?namePattern=page&listOptions.limit=2`)
    expect(names(first.json)).toEqual(['page-2', 'page-3'])
    const { continue: next } = first.json['metadata'] as { continue: string }
    const second = await api.ask(`${all}?namePattern=page&listOptions.continue=${next}`)
    expect(names(second.json)).toEqual(['page-1'])
    const plain = await api.ask(`${all}?listOptions.limit=1`)
    expect(plain.json['metadata']).toHaveProperty('continue')
  })

  test('are linted, and refused when something is wrong', async () => {
    const fine = await send('POST', '/lint', { metadata: { name: 'l' }, spec })
    expect([fine.code, fine.json['spec']]).toEqual([200, spec])
    const wrong = JSON.parse(
      JSON.stringify(spec).replace('"entrypoint":"main"', '"entrypoint":"no"'),
    )
    for (const where of ['', '/lint']) {
      const refused = await send('POST', where, { metadata: { name: 'l' }, spec: wrong })
      expect([refused.code, refused.json['code']]).toEqual([400, 3])
    }
    expect((await api.ask(`${all}/l`)).code).toBe(404)
    expect((await send('POST', '')).json['message']).toMatch(/was not found in the request body$/)
    expect((await send('PUT', '/l', { metadata: { name: 'm' }, spec })).json['message']).toBe(
      `${field}.metadata.name: "m" is not l of the path`,
    )
    expect((await send('PUT', '/l', { metadata: { name: 'l' }, spec })).code).toBe(404)
  })
})

test('a schedule is suspended and resumed', async () => {
  const all = '/api/v1/cron-workflows/default'
  const body = { cronWorkflow: { metadata: { name: 's' }, spec: cronSpec } }
  await api.ask(all, { method: 'POST', body })
  const put = (what: string) => api.ask(`${all}/s/${what}`, { method: 'PUT', body: {} })
  expect((await put('suspend')).json['spec']).toMatchObject({ suspend: true })
  expect((await put('resume')).json['spec']).toMatchObject({ suspend: false })
})

test('the server says what it is', async () => {
  const version = await api.ask('/api/v1/version')
  expect(version.json).toMatchObject({ version: 'v1.2.3', compiler: 'node' })
  expect(version.headers.get('argo-version')).toBe('v1.2.3')
  expect((await api.ask('/api/v1/info')).json).toMatchObject({ links: [], columns: [] })
  const client = await openArgoApi({ modes: ['client'] })
  const headers = { authorization: 'Bearer admin' }
  expect((await client.ask('/api/v1/userinfo', { headers })).json).toEqual({
    subject: 'admin',
    groups: [],
  })
  await client[Symbol.asyncDispose]()
})
