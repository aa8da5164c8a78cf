import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { JsonObject } from '@argosy/engine'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testApi } from './api.fixture.ts'
import { serverCertificate } from './certificates.ts'

const api = testApi()
const maps = '/api/v1/namespaces/default/configmaps'
const group = '/apis/admissionregistration.k8s.io/v1'
const mergePatch = 'application/merge-patch+json'

interface Review {
  readonly apiVersion: string
  readonly request: JsonObject & { readonly uid: string; readonly operation: string }
}

/** What a webhook answers; a number is an HTTP code, and nothing that it never does. */
type Say = (review: Review, path: string) => JsonObject | number | undefined

let server: Server
let bundle = ''
let folder = ''
let say: Say = () => ({ allowed: true })
let heard: Review[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argosy-webhooks-'))
  const tls = await serverCertificate(folder, ['127.0.0.1', 'hook.default.svc'], Date.now())
  bundle = Buffer.from(tls.ca).toString('base64')
  server = createServer({ key: tls.key, cert: tls.cert }, async (request, response) => {
    const review = JSON.parse(await text(request)) as Review
    heard.push(review)
    const said = say(review, request.url ?? '')
    if (said === undefined) return
    response.statusCode = typeof said === 'number' ? said : 200
    const { uid } = review.request
    const body = { apiVersion: review.apiVersion, kind: 'AdmissionReview' }
    response.end(
      typeof said === 'number' ? 'oops' : JSON.stringify({ ...body, response: { uid, ...said } }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

afterEach(async () => {
  for (const kind of ['validating', 'mutating'])
    await api.ask(`${group}/${kind}webhookconfigurations/hook`, { method: 'DELETE' })
  await api.ask(`${maps}/one`, { method: 'DELETE' })
})

function port(): number {
  return (server.address() as AddressInfo).port
}

async function configure(kind: 'Mutating' | 'Validating', more: object = {}) {
  const rules = [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] },
  ]
  const clientConfig = { url: `https://127.0.0.1:${port()}/${kind}`, caBundle: bundle }
  const webhook = { name: 'hook.test.dev', sideEffects: 'None', admissionReviewVersions: ['v1'] }
  const reply = await api.ask(`${group}/${kind.toLowerCase()}webhookconfigurations`, {
    method: 'POST',
    body: {
      ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration` },
      metadata: { name: 'hook' },
      webhooks: [{ ...webhook, clientConfig, rules, ...more }],
    },
  })
  expect(reply.code, reply.text).toBe(201)
  heard = []
  return reply
}

const one = (data: object = { a: '1' }) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data },
})
const create = (data?: object, query = '') =>
  api.ask(`${maps}${query}`, { method: 'POST', body: one(data) })

function patchOf(...ops: readonly object[]): JsonObject {
  const patch = Buffer.from(JSON.stringify(ops)).toString('base64')
  return { allowed: true, patchType: 'JSONPatch', patch }
}

describe('validating webhooks', () => {
  it('hear of what is created, changed and deleted, with what it was', async () => {
    await configure('Validating')
    say = () => ({ allowed: true, warnings: ['careful'] })
    const created = await create()
    expect([created.code, created.headers['warning']]).toEqual([201, '299 - "careful"'])
    await api.ask(`${maps}/one`, { method: 'PATCH', body: { data: { a: '2' } }, type: mergePatch })
    await api.ask(`${maps}/one`, { method: 'DELETE' })
    const told = heard.map(({ request }) => [
      request.operation,
      (request['object'] as JsonObject | null)?.['data'],
      (request['oldObject'] as JsonObject | null)?.['data'],
    ])
    expect(told).toEqual([
      ['CREATE', { a: '1' }, undefined],
      ['UPDATE', { a: '2' }, { a: '1' }],
      ['DELETE', undefined, { a: '2' }],
    ])
  })

  it.each([
    ['in its words', { message: 'no' }, 400, ': no'],
    ['with its code', { message: 'no', code: 403, reason: 'Forbidden' }, 403, ': no'],
    ['by its reason', { reason: 'NotYet' }, 400, ': NotYet'],
    ['without any', undefined, 400, ' without explanation'],
  ])('refuse %s', async (_, status, code, words) => {
    await configure('Validating')
    say = () => ({ allowed: false, ...(status && { status }) })
    const refused = await create()
    expect([refused.code, refused.json['message']]).toEqual([
      code,
      `admission webhook "hook.test.dev" denied the request${words}`,
    ])
    expect((await api.ask(`${maps}/one`)).code).toBe(404)
  })

  it('hold nobody up who wants them gone', async () => {
    await configure('Validating', {
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
    })
    say = () => ({ allowed: false })
    const path = `${group}/validatingwebhookconfigurations/hook`
    expect((await api.ask(path, { method: 'DELETE' })).code).toBe(200)
  })

  it('that cannot be asked refuse, or are passed by, as they want it', async () => {
    await configure('Validating')
    say = () => 500
    const refused = await create()
    expect([refused.code, refused.json['message']]).toEqual([
      500,
      'Internal error occurred: failed calling webhook "hook.test.dev": failed to call webhook: an error on the server ("oops") has prevented the request from succeeding',
    ])
    await api.ask(`${group}/validatingwebhookconfigurations/hook`, { method: 'DELETE' })
    await configure('Validating', { failurePolicy: 'Ignore' })
    expect((await create()).code).toBe(201)
  })

  it.each([
    ['takes too long', { timeoutSeconds: 1 }, /[?]timeout=1s": context deadline exceeded$/],
    ['is not there', { clientConfig: { url: 'https://127.0.0.1:1/x' } }, /connection refused$/],
    [
      'is of no service',
      { clientConfig: { service: { namespace: 'default', name: 'nobody' } } },
      /Post "https:\/\/nobody.default.svc:443\/[?]timeout=10s": service "nobody" not found$/,
    ],
  ])('who %s is said to', async (_, more, words) => {
    await configure('Validating', more)
    say = () => undefined
    const refused = await create()
    expect(refused.code).toBe(500)
    expect(refused.json['message']).toMatch(words)
  })

  it('who is not who he should be is not asked', async () => {
    await configure('Validating', { clientConfig: { url: `https://127.0.0.1:${port()}/x` } })
    const refused = await create()
    expect(refused.json['message']).toMatch(/certificate signed by unknown authority$/)
    expect(heard).toEqual([])
  })

  it('behind a Service are found by its Endpoints', async () => {
    const meta = { metadata: { name: 'hook' } }
    const spec = { ports: [{ port: 443, targetPort: 1, name: 'https' }] }
    await api.ask('/api/v1/namespaces/default/services', {
      method: 'POST',
      body: { ...meta, spec },
    })
    const ports = [{ name: 'https', port: port() }]
    const subsets = [{ addresses: [{ ip: '127.0.0.1' }], ports }]
    const places = '/api/v1/namespaces/default/endpoints'
    await api.ask(places, { method: 'POST', body: { ...meta, subsets } })
    const service = { namespace: 'default', name: 'hook', path: '/here' }
    await configure('Validating', { clientConfig: { service, caBundle: bundle } })
    say = (_, path) => ({ allowed: path === '/here?timeout=10s' })
    expect((await create()).code).toBe(201)
  })

  it('with effects are not called for a dry run', async () => {
    await configure('Validating', { sideEffects: 'None' })
    say = () => ({ allowed: true })
    expect((await create(undefined, '?dryRun=All')).code).toBe(201)
    expect(heard.map(({ request }) => request['dryRun'])).toEqual([true])
  })
})

describe('mutating webhooks', () => {
  const inject = patchOf({ op: 'add', path: '/data/injected', value: 'yes' })

  it('change what is created and what is changed, and are in no books', async () => {
    await configure('Mutating')
    say = () => inject
    const created = await create()
    expect(created.json['data']).toEqual({ a: '1', injected: 'yes' })
    const body = { data: { a: '2', injected: null } }
    const changed = await api.ask(`${maps}/one`, { method: 'PATCH', body, type: mergePatch })
    expect(changed.json['data']).toEqual({ a: '2', injected: 'yes' })
    expect(JSON.stringify(created.json['metadata'])).not.toContain('f:injected')
  })

  it('come before those that validate', async () => {
    await configure('Mutating')
    await configure('Validating')
    say = ({ request }, path) => {
      if (path.startsWith('/Mutating')) return inject
      const { data } = request['object'] as { data: JsonObject }
      return { allowed: data['injected'] === 'yes' }
    }
    expect((await create()).code).toBe(201)
  })

  it('make nothing that would not be taken from others', async () => {
    await configure('Mutating')
    say = () => patchOf({ op: 'add', path: '/data/a b', value: '' })
    const refused = await create()
    expect([refused.code, refused.json['reason']]).toEqual([422, 'Invalid'])
  })

  it('are asked again when somebody else was faster', async () => {
    await create()
    await configure('Mutating')
    let isFirst = true
    const overtake = { data: { other: '1' } }
    say = ({ request }) => {
      if (isFirst && request['fieldManager'] !== 'other') {
        isFirst = false
        void api.client.patch(
          {
            resource: {
              group: '',
              version: 'v1',
              kind: 'ConfigMap',
              plural: 'configmaps',
              namespaced: true,
            },
            namespace: 'default',
            name: 'one',
          },
          { type: 'merge', body: overtake },
        )
      }
      return inject
    }
    const body = { data: { a: '2' } }
    const changed = await api.ask(`${maps}/one`, { method: 'PATCH', body, type: mergePatch })
    expect(changed.json).toMatchObject({ data: { a: '2', injected: 'yes', other: '1' } })
  })
})

it('a configuration has defaults', async () => {
  const { json } = await configure('Mutating')
  expect(json['webhooks']).toMatchObject([
    {
      ...{ failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 },
      ...{ namespaceSelector: {}, objectSelector: {}, reinvocationPolicy: 'Never' },
      rules: [{ scope: '*' }],
    },
  ])
})

it('what of a configuration means something else here is said', async () => {
  const { headers } = await configure('Mutating', {
    matchConditions: [{ name: 'm', expression: 'true' }],
    reinvocationPolicy: 'IfNeeded',
  })
  const warnings = String(headers['warning'])
  expect(warnings).toContain('not for what the controllers of this server write')
  expect(warnings).toContain('webhooks[0].matchConditions: not evaluated here')
  expect(warnings).toContain('webhooks[0].reinvocationPolicy: each webhook is called once here')
})
