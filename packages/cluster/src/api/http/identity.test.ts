import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inDefault, openTestApi, type TestApi } from './api.fixture.ts'
import type { Attributes } from './identity.ts'

const asked: Attributes[] = []
let api: TestApi
beforeAll(async () => {
  api = await openTestApi({
    authorize: async (attributes) => {
      asked.push(attributes)
      return { allowed: attributes.identity.user === 'admin', reason: '' }
    },
  })
})
afterAll(() => api[Symbol.asyncDispose]())

async function attributes(path: string, method = 'GET') {
  asked.length = 0
  await api.ask(path, { method, ...(method === 'GET' ? {} : { body: {} }) })
  return asked[0]
}

describe('who asks, and what they may', () => {
  it('authorizers are told the verb, the resource and where it is', async () => {
    expect(await attributes(`${inDefault}/pods`)).toMatchObject({
      ...{ verb: 'list', group: '', version: 'v1', resource: 'pods', namespace: 'default' },
    })
    expect(await attributes(`${inDefault}/pods?watch=0`)).toMatchObject({ verb: 'list' })
    expect(await attributes(`${inDefault}/pods/p/log`)).toMatchObject({
      ...{ verb: 'get', resource: 'pods', subresource: 'log', name: 'p' },
    })
    expect(await attributes('/apis/apps/v1/deployments', 'DELETE')).toMatchObject({
      ...{ verb: 'deletecollection', group: 'apps', resource: 'deployments' },
    })
    expect(await attributes('/api/v1/namespaces/x/finalize', 'PUT')).toMatchObject({
      ...{ verb: 'update', resource: 'namespaces', subresource: 'finalize', name: 'x' },
    })
    expect(await attributes('/version')).toMatchObject({ verb: 'get', path: '/version' })
  })

  it('a list of one object by its name counts as that object', async () => {
    const path = `${inDefault}/pods?fieldSelector=metadata.name%3Dp`
    expect(await attributes(path)).toMatchObject({ verb: 'list', name: 'p' })
  })

  it('who may not is told so, in the words that clients show', async () => {
    const headers = { 'impersonate-user': 'jane' }
    const { code, json } = await api.ask(`${inDefault}/pods/p`, { headers })
    expect(code).toBe(403)
    expect(json).toMatchObject({
      reason: 'Forbidden',
      message:
        'pods "p" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default"',
      details: { name: 'p', kind: 'pods' },
    })
    const path = await api.ask('/version', { headers })
    expect(path.json['message']).toBe('forbidden: User "jane" cannot get path "/version"')
  })

  it('groups are impersonated one by one, commas and all (trap 15)', async () => {
    asked.length = 0
    await api.ask('/version', {
      headers: { 'impersonate-user': 'jane', 'impersonate-group': ['devs, ops', 'g2'] },
    })
    expect(asked.map(({ verb, resource, name }) => [verb, resource, name])).toEqual([
      ['impersonate', 'users', 'jane'],
      ['impersonate', 'groups', 'devs, ops'],
      ['impersonate', 'groups', 'g2'],
      ['get', '', undefined],
    ])
    expect(asked.at(-1)?.identity.groups).toEqual(['devs, ops', 'g2', 'system:authenticated'])
    const nobody = await api.ask('/version', { headers: { 'impersonate-group': 'g' } })
    expect(nobody.code).toBe(400)
  })

  it('reviews answer who one is, and what one may', async () => {
    const review = (group: string, kind: string, spec?: object) =>
      api.ask(`/apis/${group}.k8s.io/v1/${kind.toLowerCase()}s`, {
        method: 'POST',
        body: { apiVersion: `${group}.k8s.io/v1`, kind, ...(spec && { spec }) },
      })
    const self = await review('authentication', 'SelfSubjectReview')
    expect(self.code).toBe(201)
    expect(self.json['status']).toMatchObject({ userInfo: { username: 'admin' } })
    const resourceAttributes = { verb: 'create', resource: 'pods', namespace: 'default' }
    const own = await review('authorization', 'SelfSubjectAccessReview', { resourceAttributes })
    expect(own.json['status']).toEqual({ allowed: true })
    const other = await review('authorization', 'SubjectAccessReview', {
      user: 'jane',
      resourceAttributes,
    })
    expect(other.json['status']).toEqual({ allowed: false })
    const token = await review('authentication', 'TokenReview', { token: 'wrong' })
    expect(token.json['status']).toMatchObject({ error: 'the token is not valid' })
    const rules = await review('authorization', 'SelfSubjectRulesReview', { namespace: 'default' })
    expect(rules.json['status']).toMatchObject({ incomplete: false })
  })
})
