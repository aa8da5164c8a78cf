import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi, put } from './argo-api.ts'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi({ modes: ['client'], metrics: () => 'a 1\n' }, { archived: true })
  await put(api.client, 'w')
})
afterAll(() => api[Symbol.asyncDispose]())

const one = '/api/v1/workflows/default/w'

// Who may ask which endpoint is in endpoints.test.ts.
test('a token that nobody gave is refused, one without rights is told which', async () => {
  const stolen = await api.ask(one, { headers: { authorization: 'Bearer stolen' } })
  expect([stolen.code, stolen.json['code']]).toEqual([401, 16])
  const powerless = await api.ask(one, { headers: { authorization: 'Bearer none' } })
  expect([powerless.code, powerless.json['code']]).toEqual([403, 7])
  expect(powerless.json['message']).toBe(
    'workflows.argoproj.io "w" is forbidden: User "none" cannot get resource "workflows" in API group "argoproj.io" in the namespace "default"',
  )
})

test('a token may come in a cookie', async () => {
  const headers = { cookie: 'a=b; authorization=Bearer%20admin' }
  expect((await api.ask(one, { headers })).code).toBe(200)
})

test('metrics are for those who have a token, unless they are opened', async () => {
  expect((await api.ask('/metrics')).code).toBe(401)
  const { text } = await api.ask('/metrics', { headers: { authorization: 'Bearer none' } })
  expect(text).toBe('a 1\n')
  const own = { modes: ['client'] as const, metrics: () => '', openMetrics: true }
  await using open = await openArgoApi(own)
  expect((await open.ask('/metrics')).code).toBe(200)
})

test('what says nothing of anybody needs a token, and no rights', async () => {
  for (const path of ['info', 'version', 'userinfo']) {
    expect((await api.ask(`/api/v1/${path}`)).code).toBe(401)
    const headers = { authorization: 'Bearer none' }
    expect((await api.ask(`/api/v1/${path}`, { headers })).code).toBe(200)
  }
})

describe('where everybody is the administrator', () => {
  let open: ArgoApi
  beforeAll(async () => {
    open = await openArgoApi()
  })
  afterAll(() => open[Symbol.asyncDispose]())

  test.each([
    ['another site’s page', { origin: 'https://elsewhere.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['this server’s page', { origin: '' }, 200],
  ])('%s is answered with %j', async (_, { origin }, code) => {
    const headers = { origin: origin || open.url }
    expect((await open.ask('/api/v1/workflows/default', { headers })).code).toBe(code)
  })

  test('another name of this machine is not answered to', async () => {
    const { request } = await import('node:http')
    const code = await new Promise((resolve, reject) => {
      const headers = { host: 'elsewhere.example' }
      request(`${open.url}/api/v1/version`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(code).toBe(403)
  })
})
