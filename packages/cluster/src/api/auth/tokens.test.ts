import { createHmac, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { request } from 'node:https'
import type { JsonObject } from '@argosy/engine'
import { handClock } from '@argosy/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configMap, inDefault, openTestApi, type TestApi } from '../http/api.fixture.ts'

const clock = handClock()
let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ clock })
  await create(`${inDefault}/serviceaccounts`, account('bot'))
})
afterAll(() => api[Symbol.asyncDispose]())

const account = (name: string) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } })

async function create(path: string, body: object): Promise<JsonObject> {
  const { code, json } = await api.ask(path, { method: 'POST', body })
  expect([code, json['message']]).toEqual([201, undefined])
  return json
}

function ask(name: string, spec: object = {}) {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec }
  return api.ask(`${inDefault}/serviceaccounts/${name}/token`, { method: 'POST', body })
}

async function tokenOf(name: string, spec: object = {}): Promise<string> {
  const { code, json } = await ask(name, spec)
  expect([code, json['message']]).toEqual([201, undefined])
  return String((json['status'] as JsonObject)['token'])
}

/** The code that a token's bearer gets for asking who he is. */
async function codeFor(token: string): Promise<number> {
  const { code } = await whoIs(token)
  return code
}

function whoIs(token: string) {
  return api.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  })
}

const partsOf = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonObject)
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function review(token: string, audiences?: readonly string[]) {
  const { json } = await api.ask('/apis/authentication.k8s.io/v1/tokenreviews', {
    method: 'POST',
    body: {
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' },
      spec: { token, ...(audiences && { audiences }) },
    },
  })
  return json['status'] as JsonObject
}

async function publishedKeys(): Promise<readonly JsonObject[]> {
  const { text } = await api.ask('/openid/v1/jwks')
  return (JSON.parse(text) as { readonly keys: readonly JsonObject[] }).keys
}

const issuer = 'https://kubernetes.default.svc.cluster.local'

describe('tokens of ServiceAccounts', () => {
  it('say who one is', async () => {
    const { code, json } = await whoIs(await tokenOf('bot'))
    expect(code).toBe(201)
    expect((json['status'] as JsonObject)['userInfo']).toMatchObject({
      username: 'system:serviceaccount:default:bot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    })
  })

  it('claim what those of Kubernetes claim', async () => {
    const { json } = await ask('bot', { expirationSeconds: 700 })
    const { token, expirationTimestamp } = json['status'] as JsonObject
    const [header, claims] = partsOf(String(token))
    expect(header).toEqual({ alg: 'ES256', kid: expect.any(String) })
    const now = Math.floor(clock.now() / 1000)
    expect(claims).toEqual({
      aud: [issuer],
      ...{ exp: now + 700, iat: now, nbf: now, iss: issuer, jti: expect.any(String) },
      'kubernetes.io': {
        namespace: 'default',
        serviceaccount: { name: 'bot', uid: expect.any(String) },
      },
      sub: 'system:serviceaccount:default:bot',
    })
    expect(Date.parse(String(expirationTimestamp))).toBe((now + 700) * 1000)
    expect(json['spec']).toEqual({ audiences: [issuer], expirationSeconds: 700 })
  })

  it('can be verified by whoever reads the published keys', async () => {
    const token = await tokenOf('bot')
    const [jwk] = await publishedKeys()
    const [head = '', body = '', signature = ''] = token.split('.')
    const key = createPublicKey({ key: jwk as never, format: 'jwk' })
    const [text, bytes] = [Buffer.from(`${head}.${body}`), Buffer.from(signature, 'base64url')]
    expect(verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true)
    const about = await api.ask('/.well-known/openid-configuration')
    expect(about.json).toMatchObject({
      issuer,
      jwks_uri: expect.stringContaining('/openid/v1/jwks'),
      id_token_signing_alg_values_supported: ['ES256'],
    })
  })

  it('end when they say', async () => {
    const token = await tokenOf('bot', { expirationSeconds: 600 })
    expect(await codeFor(token)).toBe(201)
    clock.advance(599_000)
    expect(await codeFor(token)).toBe(201)
    clock.advance(1000)
    expect(await codeFor(token)).toBe(401)
  })

  it('for others are none for us', async () => {
    const token = await tokenOf('bot', { audiences: ['vault'] })
    expect(await codeFor(token)).toBe(401)
    expect(await review(token)).toMatchObject({ error: 'the token is not valid' })
    expect(await review(token, ['vault', 'x'])).toMatchObject({
      ...{ authenticated: true, audiences: ['vault'] },
    })
    expect(await review(await tokenOf('bot'), ['vault'])).not.toHaveProperty('authenticated')
  })

  it('are refused when anybody touched them', async () => {
    const token = await tokenOf('bot')
    const [head = '', body = '', signature = ''] = token.split('.')
    const [header = {}, claims = {}] = partsOf(token)
    const mine = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const published = JSON.stringify((await publishedKeys())[0])
    const asMaster = encoded({ ...claims, sub: 'system:serviceaccount:kube-system:x' })
    const hmac = (text: string) => createHmac('sha256', published).update(text).digest('base64url')
    const none = encoded({ ...header, alg: 'none' })
    const hs = encoded({ ...header, alg: 'HS256' })
    const by = { key: mine.privateKey, dsaEncoding: 'ieee-p1363' } as const
    const forged = sign('sha256', Buffer.from(`${head}.${asMaster}`), by)
    const rs = encoded({ ...header, alg: 'RS256' })
    const bad = [
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
      `${hs}.${body}.${hmac(`${hs}.${body}`)}`,
      `${rs}.${body}.${signature}`,
      `${head}.${asMaster}.${signature}`,
      `${head}.${asMaster}.${forged.toString('base64url')}`,
      `${head}.${body}`,
      `${head}.${body}.`,
      `${head}.${body}.${signature}.${signature}`,
      `${head}.${body}.${signature}=`,
      `${encoded({ ...header, kid: 'other' })}.${body}.${signature}`,
      `${encoded({ ...header, crit: ['x'] })}.${body}.${signature}`,
      'a.b.c',
      '...',
    ]
    for (const one of bad) expect([one, await codeFor(one)]).toEqual([one, 401])
    expect(await codeFor(token)).toBe(201)
  })

  it('end with their account, and another one of its name does not revive them', async () => {
    await create(`${inDefault}/serviceaccounts`, account('brief'))
    const token = await tokenOf('brief')
    expect(await codeFor(token)).toBe(201)
    await api.ask(`${inDefault}/serviceaccounts/brief`, { method: 'DELETE' })
    expect(await codeFor(token)).toBe(401)
    await create(`${inDefault}/serviceaccounts`, account('brief'))
    expect(await codeFor(token)).toBe(401)
  })

  it('end with the object that they are bound to', async () => {
    const secret = await create(`${inDefault}/secrets`, {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'anchor' } },
    })
    const { uid } = secret['metadata'] as JsonObject
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: 'anchor' }
    const token = await tokenOf('bot', { boundObjectRef })
    const claims = partsOf(token)[1] ?? {}
    expect((claims['kubernetes.io'] as JsonObject)['secret']).toEqual({
      ...{ name: 'anchor', uid },
    })
    expect(await codeFor(token)).toBe(201)
    await api.ask(`${inDefault}/secrets/anchor`, { method: 'DELETE' })
    expect(await codeFor(token)).toBe(401)
    const gone = await ask('bot', { boundObjectRef })
    expect([gone.code, gone.json['message']]).toEqual([404, 'secrets "anchor" not found'])
  })

  it('are refused in the words of Kubernetes when nobody may have them', async () => {
    const short = await ask('bot', { expirationSeconds: 60 })
    expect([short.code, short.json['message']]).toEqual([
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    ])
    expect((await ask('bot', { expirationSeconds: 2 ** 33 })).code).toBe(422)
    expect((await ask('nobody')).json['message']).toBe('serviceaccounts "nobody" not found')
    const map = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' }
    expect((await ask('bot', { boundObjectRef: map })).json['message']).toBe(
      'cannot bind token to object of type v1, Kind=ConfigMap',
    )
    const pod = { containers: [{ name: 'c', image: 'x' }] }
    await create(`${inDefault}/pods`, {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: pod },
    })
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p' }
    expect((await ask('bot', { boundObjectRef })).code).toBe(400)
    expect((await ask('default', { boundObjectRef })).code).toBe(201)
    expect((await ask('default', { boundObjectRef: { ...boundObjectRef, uid: 'x' } })).code).toBe(
      409,
    )
  })
})

describe('tokens in Secrets', () => {
  const type = 'kubernetes.io/service-account-token'
  const secretOf = (name: string, owner?: string) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type },
    metadata: {
      name,
      ...(owner && { annotations: { 'kubernetes.io/service-account.name': owner } }),
    },
  })
  const at = (name: string) => `${inDefault}/secrets/${name}`
  const dataOf = async (name: string) => (await api.ask(at(name))).json['data'] as JsonObject

  it('are filled in, good while they lie there, and go with their account', async () => {
    await create(`${inDefault}/serviceaccounts`, account('old'))
    await create(`${inDefault}/secrets`, secretOf('old-token', 'old'))
    await expect.poll(async () => Object.keys((await dataOf('old-token')) ?? {})).toHaveLength(3)
    const token = Buffer.from(String((await dataOf('old-token'))['token']), 'base64').toString()
    expect(await codeFor(token)).toBe(201)
    clock.advance(400 * 24 * 3600_000)
    expect(await codeFor(token)).toBe(201)
    await api.ask(at('old-token'), {
      ...{
        method: 'PATCH',
        type: 'application/merge-patch+json',
        body: { data: { token: 'eA==' } },
      },
    })
    expect(await codeFor(token)).toBe(401)
    await api.ask(`${inDefault}/serviceaccounts/old`, { method: 'DELETE' })
    await expect.poll(async () => (await api.ask(at('old-token'))).code).toBe(404)
  })

  it('have to say whose they are', async () => {
    const { code, json } = await api.ask(`${inDefault}/secrets`, {
      ...{ method: 'POST', body: secretOf('whose') },
    })
    expect([code, json['message']]).toEqual([
      422,
      'Secret "whose" is invalid: metadata.annotations[kubernetes.io/service-account.name]: Required value',
    ])
  })
})

describe('pods and their accounts', () => {
  const pod = (name: string, spec: object = {}) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { containers: [{ name: 'c', image: 'x' }], ...spec },
  })
  const specOf = async (name: string, spec: object = {}) =>
    (await create(`${inDefault}/pods`, pod(name, spec)))['spec'] as JsonObject

  it('get the account of their namespace, and its token mounted', async () => {
    const { serviceAccountName, volumes, containers } = await specOf('plain')
    expect(serviceAccountName).toBe('default')
    const [volume] = volumes as JsonObject[]
    expect(volume?.['name']).toMatch(/^kube-api-access-\w{5}$/)
    const [container] = containers as JsonObject[]
    expect(container?.['volumeMounts']).toEqual([
      {
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
        name: volume?.['name'],
        readOnly: true,
      },
    ])
  })

  it('get none when they, or their account, do not want it', async () => {
    const { volumes } = await specOf('shy', { automountServiceAccountToken: false })
    expect(volumes).toBeUndefined()
    await create(`${inDefault}/serviceaccounts`, {
      ...account('closed'),
      automountServiceAccountToken: false,
    })
    expect((await specOf('of-shy', { serviceAccountName: 'closed' }))['volumes']).toBeUndefined()
    const both = { serviceAccountName: 'closed', automountServiceAccountToken: true }
    expect((await specOf('bold', both))['volumes']).toHaveLength(1)
  })

  it('are refused without their account', async () => {
    const { code, json } = await api.ask(`${inDefault}/pods`, {
      ...{ method: 'POST', body: pod('p1', { serviceAccountName: 'no' }) },
    })
    expect([code, json['message']]).toEqual([
      403,
      'pods "p1" is forbidden: error looking up service account default/no: serviceaccount "no" not found',
    ])
  })
})

/** Asks as the administrator, with the path as it is. */
function rawCode(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(api.server.url)
  const headers = { authorization: 'Bearer secret' }
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers, ca: api.tls.ca }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject).end()
  })
}

describe('names', () => {
  it('lead nowhere else', async () => {
    for (const name of ['..%2fsecrets%2fx', 'a%2fb', 'a%00b', '%zz'])
      expect([name, (await api.ask(`${inDefault}/configmaps/${name}`)).code]).toEqual([name, 404])
    // Clients tidy such paths up before they send them; whoever attacks does not.
    for (const path of ['/configmaps/..', '/configmaps/../secrets/anchor', '/../../../healthz'])
      expect([path, await rawCode(`${inDefault}${path}`)]).toEqual([path, 404])
    for (const name of ['..', 'a/b', '../x', 'a\u0000']) {
      const made = await api.ask(`${inDefault}/configmaps`, {
        ...{ method: 'POST', body: configMap(name) },
      })
      expect([name, made.code]).toEqual([name, 422])
    }
  })
})
