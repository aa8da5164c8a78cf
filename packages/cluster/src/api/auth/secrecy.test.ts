import type { JsonObject } from '@argosy/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inDefault, openTestApi, type TestApi } from '../http/api.fixture.ts'
import { identityOfCertificate } from './client-certificate.ts'

const lines: string[] = []
let api: TestApi
let bot = ''
beforeAll(async () => {
  api = await openTestApi({ log: (line) => lines.push(line) })
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot' } }
  await api.ask(`${inDefault}/serviceaccounts`, { method: 'POST', body: account })
  const { json } = await api.ask(`${inDefault}/serviceaccounts/bot/token`, {
    ...{ method: 'POST', body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' } },
  })
  bot = String((json['status'] as JsonObject)['token'])
})
afterAll(() => api[Symbol.asyncDispose]())

const authorization = () => `Bearer ${bot}`

describe('what must not be told', () => {
  it('no token and no Secret is in a log, an Event or a refusal', async () => {
    const secret = 'cGFzc3dvcmQtMTIz'
    const body = (more: object) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...more },
    })
    const data = { password: secret }
    const said: string[] = []
    const ask = async (...asked: Parameters<TestApi['ask']>) => {
      said.push((await api.ask(...asked)).text)
    }
    await api.ask(`${inDefault}/secrets`, { method: 'POST', body: body({ data }) })
    const asBot = { headers: { authorization: authorization() } }
    await ask(`${inDefault}/secrets`, asBot)
    await ask(`${inDefault}/secrets/s`, asBot)
    await ask(`${inDefault}/secrets?watch=1`, asBot)
    await ask(`${inDefault}/secrets`, { ...asBot, method: 'POST', body: body({ data }) })
    await ask(`${inDefault}/secrets`, { method: 'POST', body: body({ data }) })
    await ask(`${inDefault}/secrets/s`, { method: 'PUT', body: body({ data, type: 'other' }) })
    await ask('/api/v1/events')
    const tampered = { authorization: `${authorization()}x` }
    await ask(`${inDefault}/secrets/s`, { headers: tampered })
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    await ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      ...{ method: 'POST', body: review, ...asBot },
    })
    const all = [...said, ...lines].join('\n')
    const signature = bot.split('.')[2] ?? 'none'
    expect([secret, 'password-123', signature].filter((one) => all.includes(one))).toEqual([])
  })

  it('nobody acts as another without the right to', async () => {
    const cases = [
      ['impersonate-user', 'admin', 'users "admin"', 'users'],
      [
        'impersonate-user',
        'system:serviceaccount:kube-system:default',
        'serviceaccounts "default"',
        'serviceaccounts',
      ],
    ] as const
    for (const [header, value, what, resource] of cases) {
      const { code, json } = await api.ask(`${inDefault}/pods`, {
        headers: { authorization: authorization(), [header]: value },
      })
      expect(code).toBe(403)
      expect(json['message']).toMatch(
        new RegExp(
          `^${what} is forbidden: User "system:serviceaccount:default:bot" cannot impersonate resource "${resource}" in API group "" (at the cluster scope|in the namespace "kube-system")$`,
        ),
      )
    }
  })
})

describe('client certificates', () => {
  it('tell a user and his groups', () => {
    const of = (subject: object) => identityOfCertificate({ subject: subject as never })
    expect(of({ CN: 'ann' })).toEqual({ user: 'ann', groups: ['system:authenticated'] })
    expect(of({ CN: 'ann', O: 'devs' })?.groups).toEqual(['devs', 'system:authenticated'])
    expect(of({ CN: 'ann', O: ['a', 'b'] })?.groups).toEqual(['a', 'b', 'system:authenticated'])
    expect(of({ O: 'system:masters' })).toBeUndefined()
    expect(of({ CN: '' })).toBeUndefined()
  })
})
