import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi, put, workflow } from './argo-api.ts'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi({ modes: ['client'] }, { archived: true })
  await put(api.client, 'w')
})
afterAll(() => api[Symbol.asyncDispose]())

const spec = (field: string) => ({ [field]: workflow('x') })
type Endpoint = readonly [method: string, path: string, body?: object]
const endpoints: readonly Endpoint[] = [
  ['GET', '/api/v1/workflows/default'],
  ['POST', '/api/v1/workflows/default', spec('workflow')],
  ['POST', '/api/v1/workflows/default/submit', { resourceKind: 'wftmpl', resourceName: 't' }],
  ['GET', '/api/v1/workflows/default/w'],
  ['GET', '/api/v1/workflows/default/w/why'],
  ['DELETE', '/api/v1/workflows/default/w'],
  ...['suspend', 'resume', 'stop', 'terminate', 'set', 'retry', 'resubmit'].map(
    (one) => ['PUT', `/api/v1/workflows/default/w/${one}`] as const,
  ),
  ['GET', '/api/v1/workflow-events/default'],
  ['GET', '/api/v1/stream/events/default'],
  ['GET', '/api/v1/workflow-templates/default'],
  ['POST', '/api/v1/workflow-templates/default', spec('template')],
  ['GET', '/api/v1/workflow-templates/default/t'],
  ['PUT', '/api/v1/workflow-templates/default/x', spec('template')],
  ['DELETE', '/api/v1/workflow-templates/default/t'],
  ['GET', '/api/v1/cluster-workflow-templates'],
  ['DELETE', '/api/v1/cluster-workflow-templates/t'],
  ['GET', '/api/v1/cron-workflows/default'],
  ['PUT', '/api/v1/cron-workflows/default/c/suspend'],
  ['DELETE', '/api/v1/cron-workflows/default/c'],
  ['GET', '/api/v1/archived-workflows?namespace=default'],
  ['GET', '/api/v1/archived-workflows-label-keys'],
  ['GET', '/api/v1/archived-workflows-label-values?listOptions.labelSelector=a'],
]

const ask = (method: string, path: string, headers: Record<string, string>, body?: object) =>
  api.ask(path, { method, headers, ...(method !== 'GET' && { body: body ?? {} }) })

test.each(endpoints.map((one) => [one[0], one[1], one] as const))(
  '%s %s is for those who may',
  async (method, path, [, , body]) => {
    const nobody = await ask(method, path, {}, body)
    expect([nobody.code, nobody.json['code']]).toEqual([401, 16])
    const unknown = await ask(method, path, { authorization: 'Bearer stolen' }, body)
    expect([unknown.code, unknown.json['code']]).toEqual([401, 16])
    const powerless = await ask(method, path, { authorization: 'Bearer none' }, body)
    expect([powerless.code, powerless.json['code']]).toEqual([403, 7])
    expect(powerless.json['message']).toContain(' is forbidden: User "none" cannot ')
    expect(
      await api.ask('/api/v1/workflows/default/w', {
        headers: { cookie: 'authorization=Bearer%20admin' },
      }),
    ).toMatchObject({ code: 200 })
  },
)

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
