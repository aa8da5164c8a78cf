import { resources } from '@argosy/kube'
import { afterEach, describe, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi, workflow } from './argo-api.ts'

let api: ArgoApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

async function open(...given: Parameters<typeof openArgoApi>): Promise<ArgoApi> {
  api = await openArgoApi(...given)
  return api
}

const token = { authorization: 'Bearer admin' }

describe('pages of other sites', () => {
  const own = 'https://tools.example'

  test('may ask when they are named, by a token and not by a cookie', async () => {
    const { ask } = await open({ allowOrigin: own, modes: ['client'] })
    const from = (origin: string, more = {}) =>
      ask('/api/v1/version', { headers: { origin, ...token, ...more } })
    const { code, headers } = await from(own)
    expect([code, headers.get('access-control-allow-origin')]).toEqual([200, own])
    expect(headers.get('vary')).toBe('Origin')
    expect((await from('https://other.example')).code).toBe(403)
    expect((await from(own, { cookie: 'authorization=Bearer admin' })).code).toBe(403)
  })

  test('are told what they may send', async () => {
    const { ask } = await open({ allowOrigin: '*', modes: ['client'] })
    const headers = { origin: own, 'access-control-request-method': 'PUT' }
    const answer = await ask('/api/v1/workflows/default/a/stop', { method: 'OPTIONS', headers })
    expect([answer.code, answer.headers.get('access-control-allow-methods')]).toEqual([
      204,
      expect.stringContaining('PUT'),
    ])
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('never ask for everybody a server that asks nobody who he is', async () => {
    const { ask } = await open({ allowOrigin: '*', modes: ['server'] })
    expect((await ask('/api/v1/version', { headers: { origin: own } })).code).toBe(403)
  })

  test('hear nothing of it without the setting', async () => {
    const { ask } = await open({ modes: ['client'] })
    const headers = { origin: own, 'access-control-request-method': 'GET' }
    const answer = await ask('/api/v1/version', { method: 'OPTIONS', headers })
    expect(answer.code).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('who asks too often waits for the next second', async () => {
  const { ask, clock } = await open({ rateLimit: 2 })
  const codes = async () => {
    const answers = [await ask('/api/v1/version'), await ask('/api/v1/version')]
    return [...answers, await ask('/api/v1/version')]
  }
  const [first, second, third] = await codes()
  expect([first?.code, second?.code, third?.code]).toEqual([200, 200, 429])
  expect(third?.headers.get('retry-after')).toBe('1')
  expect(third?.json).toMatchObject({ code: 8, message: expect.stringContaining('2 requests') })
  clock.advance(1000)
  expect((await ask('/api/v1/version')).code).toBe(200)
})

test.each([
  [undefined, 'DENY'],
  ['SAMEORIGIN', 'SAMEORIGIN'],
  ['', null],
])('frames: %j is told as %j', async (frameOptions, expected) => {
  const { ask } = await open(frameOptions === undefined ? {} : { frameOptions })
  const { headers } = await ask('/api/v1/version')
  expect(headers.get('x-frame-options')).toBe(expected)
})

test('a server of one namespace knows no other, whoever asks', async () => {
  const { ask, client } = await open({ managedNamespace: 'default' })
  await client.create(resources.workflows, workflow('here'))
  expect((await ask('/api/v1/workflows/default')).code).toBe(200)
  expect((await ask('/api/v1/workflows/default/here')).code).toBe(200)
  for (const path of ['argo', '']) {
    const { code, json } = await ask(`/api/v1/workflows/${path}`)
    expect([code, json['code']]).toEqual([403, 7])
  }
  expect((await ask('/api/v1/cluster-workflow-templates')).code).toBe(403)
  expect((await ask('/api/v1/info')).json['managedNamespace']).toBe('default')
})

test('links of other protocols are left out', async () => {
  const url = (text: string) => `- {name: n, scope: chat, url: '${text}'}`
  const links = ['https://a', 'mailto:b', 'javascript:c', ' JavaScript :d', '/e'].map(url)
  const metadata = { name: 'workflow-controller-configmap', namespace: 'argo' }
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { links: links.join('\n') },
  }
  const shown = async (given: object) => {
    await using opened = await openArgoApi(given)
    await opened.client.create(resources.configMaps, config as never)
    const { json } = await opened.ask('/api/v1/info')
    return (json['links'] as { url: string }[]).map((one) => one.url)
  }
  expect(await shown({})).toEqual(['https://a', '/e'])
  expect(await shown({ linkProtocols: ['mailto'] })).toEqual(['mailto:b', '/e'])
})

test('every answer is told of when it has ended', async () => {
  const told: object[] = []
  const { ask } = await open({ observe: (served) => told.push(served) })
  await ask('/api/v1/workflows/default?x=1')
  await ask('/api/v1/nothing', { method: 'DELETE' })
  await expect.poll(() => told.length).toBe(2)
  expect(told).toEqual([
    {
      ...{ method: 'GET', route: '/api/v1/workflows/{namespace}', code: 200, ms: 0 },
      url: '/api/v1/workflows/default?x=1',
    },
    { method: 'DELETE', route: '', code: 501, ms: 0, url: '/api/v1/nothing' },
  ])
})
