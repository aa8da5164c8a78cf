import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { azureDriver } from './azure.ts'

/** The protocol itself is tested against the emulator (azure.real.test.ts); this is what needs none. */
let server: Server
let endpoint: string
const asked: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'nobody'}`)
    response.end('bytes')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const secret = { accountKeySecret: { name: 's', key: 'k' } }
const driver = (value: string) => azureDriver({ secrets: async () => Buffer.from(value) })
const at = (azure: object) => ({
  name: 'a',
  azure: { endpoint: `${endpoint}/account`, container: 'box', blob: 'a b/c', ...azure },
})

test('a key signs, a SAS token stands in the address', async () => {
  asked.length = 0
  expect(await text(await driver('c2VjcmV0').open(at(secret)))).toBe('bytes')
  expect(await text(await driver('?sv=1&sig=x\n').open(at(secret)))).toBe('bytes')
  expect(asked[0]).toMatch(/^GET \/account\/box\/a%20b\/c SharedKey account:\S+=$/)
  expect(asked[1]).toBe('GET /account/box/a%20b/c?sv=1&sig=x nobody')
})

test.each([
  [{ useSDKCreds: true, endpoint: 'https://example.com' }, /one of Azure's own, not https:/],
  [{ useSDKCreds: true, endpoint: 'http://a.blob.core.windows.net' }, /it must be https/],
  [{}, 'azure.accountKeySecret is missing'],
  [{ ...secret, container: '' }, 'azure.container is missing'],
  [{ ...secret, endpoint: '' }, 'azure.endpoint is missing'],
])('what is missing is named: %j', async (azure, words) => {
  await expect(driver('key').open(at(azure))).rejects.toThrow(words)
})
