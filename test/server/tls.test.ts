import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCertificate } from '../../packages/cluster/src/api-server.ts'
import { type ArgoApi, openArgoApi } from './argo-api.ts'

let api: ArgoApi
let folder: string
let ca: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argosy-'))
  const tls = await serverCertificate(folder, [], Date.now())
  ca = tls.ca
  api = await openArgoApi({ tls, modes: ['client'], baseHref: '/argo' })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function ask(path: string, { method = 'GET', body = '' } = {}) {
  return new Promise<{ code: number; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const headers = { authorization: 'Bearer admin' }
      const sent = request(`${api.url}${path}`, { method, ca, headers }, (answer) => {
        answer.resume()
        resolve({ code: answer.statusCode ?? 0, headers: answer.headers })
      })
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

test('TLS is spoken below a path, and browsers are told to stay with it', async () => {
  expect(api.url).toMatch(/^https:.*\/argo$/)
  const { code, headers } = await ask('/api/v1/version')
  expect([code, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
})

test('a token is kept for TLS only', async () => {
  const { headers } = await ask('/oauth2/login', { method: 'POST', body: '{"token":"admin"}' })
  expect(headers['set-cookie']).toEqual([
    'authorization=Bearer%20admin; Path=/argo/; SameSite=Strict; HttpOnly; Secure',
  ])
})
