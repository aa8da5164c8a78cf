import { type Client, resources, systemClock } from '@argosy/kube'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Sso } from '../../packages/server/src/index.ts'
import { type ArgoApi, openArgoApi, put } from './argo-api.ts'
import { Browser } from './browser.ts'
import { type OpenIdProvider, openIdProvider } from './oidc.ts'

const people = {
  ada: { email: 'ada@example.org', email_verified: true, name: 'Ada', groups: ['admins', 'all'] },
  bob: { preferred_username: 'bob', groups: ['all'], roles: ['readers'] },
  eve: {},
}

let provider: OpenIdProvider
beforeAll(async () => {
  provider = await openIdProvider(people, {
    ...{ client_id: 'argo', client_secret: 'hush' },
    redirect_uris: ['http://argo.localhost/sub/oauth2/callback'],
  })
})
afterAll(() => provider[Symbol.asyncDispose]())

let api: ArgoApi
let user: Browser
let late = 0
beforeEach(async () => {
  late = 0
  user = new Browser()
  // The provider's tokens are of today; later is when a test says so.
  const clock = { ...systemClock, now: () => Date.now() + late }
  const log = (line: string) => api.log.push(line)
  api = await openArgoApi(({ client }) => ({
    clock,
    baseHref: '/sub',
    modes: ['sso', 'client'],
    ownIdentity: { user: 'admin', groups: [] },
    sso: new Sso({ client, clock, namespace: 'argo', delegates: true, log }),
    authorize: async ({ identity, verb }) => {
      const [, , , name = identity.user] = identity.user.split(':')
      const allowed = name === 'admin' || (name === 'reader' && ['get', 'list'].includes(verb))
      return { allowed, reason: '' }
    },
  }))
  await secret('argo-sso', { id: 'argo', secret: 'hush' })
  await put(api.client, 'w')
})
afterEach(() => api[Symbol.asyncDispose]())

const base = () => api.url
const info = async () => {
  const response = await user.ask(`${base()}/api/v1/userinfo`)
  return { code: response.status, ...((await response.json()) as object) }
}
const code = async (path: string, init?: RequestInit) =>
  (await user.ask(`${base()}/api/v1/${path}`, init)).status

function secret(name: string, texts: Readonly<Record<string, string>>) {
  const data = Object.entries(texts).map(([key, text]) => [key, btoa(text)])
  const metadata = { name, namespace: 'argo' }
  const identity = { apiVersion: 'v1', kind: 'Secret', metadata }
  return api.client.create(resources.secrets, {
    ...identity,
    ...{ data: Object.fromEntries(data) },
  })
}

async function configured(more: object = {}, client: Client = api.client) {
  const sso = {
    issuer: provider.issuer,
    clientId: { name: 'argo-sso', key: 'id' },
    clientSecret: { name: 'argo-sso', key: 'secret' },
    redirectUrl: 'http://argo.localhost/sub/oauth2/callback',
    scopes: ['profile'],
    ...more,
  }
  const metadata = { name: 'workflow-controller-configmap', namespace: 'argo' }
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { sso: JSON.stringify(sso) },
  }
  await client.create(resources.configMaps, config)
}

function account(
  name: string,
  rule: string,
  more: { precedence?: string; namespace?: string } = {},
) {
  const { precedence, namespace = 'argo' } = more
  const key = 'workflows.argoproj.io/rbac-rule'
  const annotations = { [key]: rule, ...(precedence && { [`${key}-precedence`]: precedence }) }
  const metadata = { name, namespace, annotations }
  return api.client.create(resources.serviceAccounts, {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  })
}

/** Through the provider and back; the name by which the provider knows us is not that of this port. */
async function login(person: string, redirect = '/sub/workflows') {
  provider.person = person
  const begun = await user.ask(`${base()}/oauth2/redirect?redirect=${encodeURIComponent(redirect)}`)
  if (begun.status !== 302) return begun
  let at = begun.headers.get('location') ?? ''
  while (!at.startsWith('http://argo.localhost/')) {
    const next = await user.ask(at)
    at = new URL(next.headers.get('location') ?? 'about:blank', at).href
  }
  return user.ask(at.replace('http://argo.localhost/sub', base()))
}

describe('without rules', () => {
  test('who logs in comes back to where they were, and acts as the server', async () => {
    await configured()
    expect(await code('workflows/default')).toBe(401)
    const back = await login('ada', '/sub/workflows/default?limit=5')
    expect([back.status, back.headers.get('location')]).toEqual([
      302,
      '/sub/workflows/default?limit=5',
    ])
    const [cookie = ''] = back.headers.getSetCookie()
    expect(cookie).toMatch(
      /^authorization=Bearer%20v2%3A.*Path=\/sub\/;.*SameSite=Strict; HttpOnly$/,
    )
    expect(cookie.length).toBeLessThan(1000)
    expect(await info()).toEqual({
      ...{ code: 200, issuer: 'argo-server', subject: 'ada', name: 'Ada' },
      ...{ email: 'ada@example.org', emailVerified: true, groups: ['admins', 'all'] },
    })
    expect(await code('workflows/default/w/suspend', { method: 'PUT', body: '{}' })).toBe(200)
    const place = { resource: resources.workflows, namespace: 'default', name: 'w' }
    expect((await api.client.get(place))?.metadata.labels).toMatchObject({
      'workflows.argoproj.io/actor': 'ada',
      'workflows.argoproj.io/actor-email': 'ada.at.example.org',
      'workflows.argoproj.io/action': 'Suspend',
    })
  })

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a/../../b', ''])(
    'nobody is sent to %j',
    async (redirect) => {
      await configured()
      expect((await login('ada', redirect)).headers.get('location')).toBe('/sub/')
    },
  )

  test('a session is over when its time is, and when somebody logs out', async () => {
    await configured({ sessionExpiry: '30m' })
    await login('ada')
    late = 29 * 60_000
    expect(await code('version')).toBe(200)
    late = 31 * 60_000
    expect(await info()).toMatchObject({
      code: 16,
      message: expect.stringContaining('log in again'),
    })
    late = 0
    expect(await code('version')).toBe(200)
    await user.ask(`${base()}/oauth2/logout`, { method: 'POST' })
    expect(user.cookies.has('authorization')).toBe(false)
    expect(await code('version')).toBe(401)
  })

  test('deleting the secret of the sessions ends them all', async () => {
    await configured()
    await login('ada')
    expect(await code('version')).toBe(200)
    await api.client.remove({ resource: resources.secrets, namespace: 'argo', name: 'sso' })
    expect(await code('version')).toBe(401)
  })

  test('a session that somebody changed is none', async () => {
    await configured()
    await login('ada')
    const own = user.cookies.get('authorization') ?? ''
    user.cookies.set('authorization', `${own.slice(0, -2)}AA`)
    expect(await code('version')).toBe(401)
  })

  test('a callback that nobody here began is refused, and so is one without the right code', async () => {
    await configured()
    expect((await user.ask(`${base()}/oauth2/callback?state=x&code=y`)).status).toBe(400)
    provider.person = 'ada'
    const begun = await user.ask(`${base()}/oauth2/redirect`)
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state')
    const wrong = await user.ask(
      `${base()}/oauth2/callback?state=${state}&code=guessed&iss=${provider.issuer}`,
    )
    expect(wrong.status).toBe(401)
    expect(user.cookies.has('authorization')).toBe(false)
  })

  test('who says no at the provider is told so', async () => {
    await configured()
    const back = await login('')
    expect([back.status, await back.json()]).toEqual([
      401,
      { code: 16, message: expect.stringContaining('nobody is there') },
    ])
  })

  test.each([
    ['nothing of it', undefined, 'there is no sso in workflow-controller-configmap'],
    ['no client', { clientId: {} }, 'sso.clientId: expected name and key of a secret'],
    ['a field that is none', { isuer: 'x' }, 'sso.isuer: there is no such field'],
    [
      'a secret that is not there',
      { clientId: { name: 'a', key: 'b' } },
      'there is no secret a in argo',
    ],
    ['nobody who answers', { issuer: 'http://127.0.0.1:59999' }, 'ECONNREFUSED'],
    ['another name', { issuerAlias: 'http://other' }, 'sso.issuerAlias'],
  ])('a configuration with %s says what is wrong', async (_, more, message) => {
    if (more) await configured(more)
    const answer = await login('ada')
    expect(answer.status).toBe(503)
    expect(((await answer.json()) as { message: string }).message).toContain(message)
  })
})

describe('with rules', () => {
  beforeEach(() => configured({ rbac: { enabled: true } }))

  test('groups choose the account as which somebody acts; the highest precedence wins', async () => {
    await account('reader', "'all' in groups")
    await account('admin', "'admins' in groups", { precedence: '2' })
    await account('plain', 'false')
    await login('ada')
    expect(await info()).toMatchObject({
      ...{ subject: 'ada', serviceAccountName: 'admin', serviceAccountNamespace: 'argo' },
    })
    expect(await code('workflows/default/w', { method: 'DELETE' })).toBe(200)
    user = new Browser()
    await login('bob')
    expect(await info()).toMatchObject({ subject: 'bob', serviceAccountName: 'reader' })
    expect(await code('workflows/default')).toBe(200)
    expect(await code('workflow-events/default')).toBe(403)
  })

  test('whom no rule is for is not allowed anything, and is told who they are', async () => {
    await account('reader', "'all' in groups")
    await login('eve')
    expect(await info()).toEqual({
      code: 7,
      message: "not allowed: no service account's rbac-rule in argo is for eve (no groups)",
    })
    expect(await code('workflows/default')).toBe(403)
  })

  test('a rule that cannot be read keeps everybody out', async () => {
    await account('reader', 'true')
    await account('broken', 'groups[', { precedence: '1' })
    await login('ada')
    expect(await info()).toMatchObject({ code: 7, message: expect.stringContaining('broken') })
  })

  test('a namespace of its own may raise whom it wants', async () => {
    for (const name of ['other', 'third']) {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
      await api.client.create(resources.namespaces, namespace)
    }
    await account('reader', "'all' in groups")
    await account('admin', "sub == 'bob'", { namespace: 'default', precedence: '1' })
    await account('admin', "sub == 'bob'", { namespace: 'other' })
    await login('bob')
    expect(await code('workflows/default/w', { method: 'DELETE' })).toBe(200)
    expect(await code('workflow-events/other')).toBe(403)
    expect(await code('workflows/third')).toBe(200)
  })
})

test('groups come from another claim, and only those that are wanted', async () => {
  await configured({ customGroupClaimName: 'roles', filterGroupsRegex: ['^read'] })
  await login('bob')
  expect(await info()).toMatchObject({
    subject: 'bob',
    groups: ['readers'],
    preferredUsername: 'bob',
  })
})

test('groups come from the provider’s userinfo', async () => {
  await configured({ userInfoPath: '/me' })
  await login('ada')
  expect(await info()).toMatchObject({ subject: 'ada', groups: ['admins', 'all'] })
})

test('a bearer token does as well as a session', async () => {
  await configured()
  const headers = { authorization: 'Bearer admin' }
  expect(await code('workflows/default', { headers })).toBe(200)
  expect(await code('workflows/default', { headers: { authorization: 'Bearer x' } })).toBe(401)
})

describe('a token in a browser', () => {
  const send = (token: unknown) =>
    user.ask(`${base()}/oauth2/login`, { method: 'POST', body: JSON.stringify({ token }) })

  test('is kept in a cookie that scripts cannot read', async () => {
    const answer = await send('admin')
    expect([answer.status, await answer.json()]).toEqual([200, {}])
    expect(answer.headers.getSetCookie()).toEqual([
      'authorization=Bearer%20admin; Path=/sub/; SameSite=Strict; HttpOnly',
    ])
    expect(await code('workflows/default')).toBe(200)
  })

  test.each([['stolen'], ['Bearer stolen'], ['Bearer v2:stolen']])(
    '%s is not kept',
    async (token) => {
      expect((await send(token)).status).toBe(401)
      expect(user.cookies.size).toBe(0)
    },
  )
})
