import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { azureDriver } from './azure.ts'
import { azureToken } from './azure-token.ts'

let server: Server
let here: string
let room: string
let asked: {
  readonly line: string
  readonly headers: Record<string, unknown>
  readonly body: string
}[]
let answers: (readonly [number, object | string])[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request)
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    const [code, said] = answers.shift() ?? [500, 'nothing more to say']
    response.writeHead(code).end(typeof said === 'string' ? said : JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(async () => {
  asked = []
  answers = []
  room = await mkdtemp(join(tmpdir(), 'argosy-azure-'))
})
afterEach(() => rm(room, { recursive: true }))

/** Nobody is in the way of `az` but who is put there. */
const world = (env: object = {}, now = () => 1_800_000_000_000) => ({
  env: { PATH: room, AZURE_AUTHORITY_HOST: `${here}/`, ...env },
  now,
  metadata: here,
})
const principal = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'me' }
const grant = (name: string) => [200, { access_token: name, expires_in: 3600 }] as const

describe('a token is asked for', () => {
  test('by the secret of a service principal, and again before it runs out', async () => {
    let now = 0
    const token = azureToken(world({ ...principal, AZURE_CLIENT_SECRET: 's+' }, () => now))
    answers = [grant('first'), grant('second')]
    expect([await token(), await token()]).toEqual(['first', 'first'])
    now += 56 * 60_000
    expect(await token()).toBe('second')
    expect(asked.map(({ line }) => line)).toEqual(Array(2).fill('POST /tenant/oauth2/v2.0/token'))
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'https://storage.azure.com/.default',
      client_id: 'me',
      client_secret: 's+',
    })
  })

  test('by the file of a workload identity', async () => {
    await writeFile(join(room, 'token'), 'signed\n')
    answers = [grant('t')]
    const env = { ...principal, AZURE_FEDERATED_TOKEN_FILE: join(room, 'token') }
    expect(await azureToken(world(env))()).toBe('t')
    expect(new URLSearchParams(asked[0]?.body).get('client_assertion')).toBe('signed')
  })

  test('as the app that this is', async () => {
    answers = [[200, { access_token: 't', expires_on: '1800003600' }]]
    const env = { IDENTITY_ENDPOINT: `${here}/msi`, IDENTITY_HEADER: 'word' }
    expect(await azureToken(world(env))()).toBe('t')
    expect(asked[0]).toMatchObject({
      line: 'GET /msi?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com',
      headers: { 'x-identity-header': 'word' },
    })
  })

  test('as the virtual machine that this is', async () => {
    answers = [[200, { access_token: 't', expires_in: '86399' }]]
    expect(await azureToken(world({ AZURE_CLIENT_ID: 'me' }))()).toBe('t')
    expect(asked[0]).toMatchObject({
      line: 'GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com&client_id=me',
      headers: { metadata: 'true' },
    })
  })

  test('as who has logged in with az, when the machine is nobody', async () => {
    answers = [[404, 'no identity']]
    const said = JSON.stringify({ accessToken: 'mine', expires_on: 1_800_003_600 })
    await writeFile(join(room, 'az'), `#!/bin/sh\necho '${said}'\n`)
    await chmod(join(room, 'az'), 0o755)
    expect(await azureToken(world())()).toBe('mine')
  })
})

describe('an error says', () => {
  test('that there is nobody, and who was asked', async () => {
    answers = [[404, 'no identity']]
    await expect(azureToken(world())()).rejects.toThrow(
      /^no credentials for Azure: .*no identity; az: spawn az ENOENT\)$/,
    )
  })

  test('what was refused, and asks nobody else', async () => {
    answers = [[401, 'bad secret']]
    const env = { ...principal, AZURE_CLIENT_SECRET: 's' }
    await expect(azureToken(world(env))()).rejects.toThrow('401 Unauthorized: bad secret')
    expect(asked.length).toBe(1)
  })

  test('what is not supported', async () => {
    const env = { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: '/c' }
    await expect(azureToken(world(env))()).rejects.toThrow(
      'azure.useSDKCreds: AZURE_CLIENT_CERTIFICATE_PATH is not supported',
    )
  })
})

test('the token is shown with every request, and no key is asked for', async () => {
  const env = { ...principal, AZURE_CLIENT_SECRET: 's' }
  const driver = azureDriver({ secrets: async () => undefined }, world(env))
  const azure = { endpoint: here, container: 'box', blob: 'a', useSDKCreds: true }
  answers = [grant('word'), [200, 'bytes'], [200, 'again']]
  expect(await text(await driver.open({ name: 'a', azure }))).toBe('bytes')
  expect(await text(await driver.open({ name: 'a', azure }))).toBe('again')
  expect(asked.slice(1)).toMatchObject([
    { line: 'GET /box/a', headers: { authorization: 'Bearer word' } },
    { line: 'GET /box/a', headers: { authorization: 'Bearer word' } },
  ])
})
