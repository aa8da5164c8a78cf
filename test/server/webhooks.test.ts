import { createHmac } from 'node:crypto'
import { resources } from '@argosy/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi } from './argo-api.ts'

let api: ArgoApi
let asked: string[] = []
beforeAll(async () => {
  api = await openArgoApi({
    modes: ['client'],
    authorize: async ({ identity, verb, resource }) => {
      asked.push(`${identity.user} ${verb} ${resource}`)
      return { allowed: identity.user === 'system:serviceaccount:default:hub', reason: '' }
    },
  })
  const namespace = 'default'
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'hub', namespace } }
  await api.client.create(resources.serviceAccounts, account)
  await clients({
    hub: 'type: github\nsecret: shh',
    gone: 'type: gitlab\nsecret: gone',
  })
})
afterAll(() => api[Symbol.asyncDispose]())

const place = {
  ...{ resource: resources.secrets, namespace: 'default', name: 'argo-workflows-webhook-clients' },
}

async function clients(texts: Readonly<Record<string, string>>) {
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, btoa(text)]))
  const { resource, ...metadata } = place
  await api.client.remove(place).catch(() => undefined)
  await api.client.create(resource, { ...{ apiVersion: 'v1', kind: 'Secret', metadata, data } })
}

const body = JSON.stringify({ ref: 'main' })
const sign = (secret: string) => createHmac('sha256', secret).update(body).digest('hex')

function send(headers: Record<string, string>, namespace = 'default') {
  asked = []
  return api.ask(`/api/v1/events/${namespace}/hub`, { method: 'POST', body, headers })
}

const hub = (secret: string) => ({
  ...{ 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${sign(secret)}` },
})

test('who signs acts as the service account that the secret names', async () => {
  const answer = await send(hub('shh'))
  expect([answer.code, answer.json]).toEqual([200, {}])
  expect(asked).toEqual(['system:serviceaccount:default:hub list workfloweventbindings'])
})

test('who signs wrongly is nobody', async () => {
  expect((await send(hub('guess'))).code).toBe(401)
  expect((await send({})).code).toBe(401)
})

test('who has a token is asked for no signature', async () => {
  expect((await send({ authorization: 'Bearer none' })).code).toBe(403)
  expect(asked).toEqual(['none list workfloweventbindings'])
})

test.each([
  [
    'an account that is gone',
    { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': 'gone' },
    'default',
  ],
  ['a namespace without clients', hub('shh'), 'argo'],
])('%s is refused without a reason, which is in the log', async (_, headers, namespace) => {
  const answer = await send(headers, namespace)
  expect([answer.code, answer.json]).toEqual([
    403,
    { code: 7, message: 'failed to process webhook request' },
  ])
  expect(api.log.at(-1)).toMatch(new RegExp(`^webhook in ${namespace}: there is no`))
})

test.each([
  ['type: githib\nsecret: x', 'type must be github, gitlab, bitbucket or bitbucketserver'],
  ['type: github', 'it has no secret'],
  ['{', 'type must be'],
])('the client %j lets nobody in', async (text, problem) => {
  await clients({ hub: text })
  expect((await send(hub('shh'))).code).toBe(403)
  expect(api.log.at(-1)).toContain(problem)
})

test('only events may be signed', async () => {
  const answer = await api.ask('/api/v1/workflows/default', { headers: hub('shh') })
  expect(answer.code).toBe(401)
})
