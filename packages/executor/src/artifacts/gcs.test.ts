import { generateKeyPairSync, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { gcsDriver } from './gcs.ts'
import { gcsStore } from './gcs-store.ts'
import { defaultToken, keyToken } from './google-token.ts'

/** The protocol itself is tested against the emulators (gcs.real.test.ts); this is what needs none. */
let server: Server
let endpoint: string
interface Asked {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
let asked: Asked[] = []
let answers: [number, string, Record<string, string>?][] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString('latin1')
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    const [code, said, headers = {}] = answers.shift() ?? [200, '{}']
    response.writeHead(code, headers).end(said)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  asked = []
  answers = []
})

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
const account = (more: object = {}) =>
  JSON.stringify({
    ...{ type: 'service_account', client_email: 'me@x', private_key: pem, private_key_id: 'k1' },
    ...{ token_uri: `${endpoint}/token`, ...more },
  })
const grant = (name: string): [number, string] => [
  200,
  JSON.stringify({ access_token: name, expires_in: 3600 }),
]

test("a service account's token is asked for with a signed claim, and again before it runs out", async () => {
  let now = 1_800_000_000_000
  const token = keyToken(account(), { env: {}, now: () => now })
  answers = [grant('first'), grant('second')]
  expect([await token(), await token()]).toEqual(['first', 'first'])
  now += 56 * 60_000
  expect(await token()).toBe('second')
  expect(asked.map(({ line }) => line)).toEqual(['POST /token', 'POST /token'])
  const form = new URLSearchParams(asked[0]?.body)
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const [head = '', claims = '', signature = ''] = form.get('assertion')?.split('.') ?? []
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  expect(read(head)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' })
  expect(read(claims)).toEqual({
    ...{ iss: 'me@x', scope: 'https://www.googleapis.com/auth/devstorage.read_write' },
    ...{ aud: `${endpoint}/token`, iat: 1_800_000_000, exp: 1_800_003_600 },
  })
  const signed = Buffer.from(`${head}.${claims}`)
  expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
})

test('without a key the metadata server is asked, and what it lacks is said', async () => {
  const env = { GCE_METADATA_HOST: endpoint.slice('http://'.length), CLOUDSDK_CONFIG: '/none' }
  const token = () => defaultToken({ env, now: Date.now })()
  answers = [grant('mine'), [404, 'no such account']]
  expect(await token()).toBe('mine')
  const path = '/computeMetadata/v1/instance/service-accounts/default/token'
  expect(asked[0]?.line).toBe(`GET ${path}`)
  expect(asked[0]?.headers['metadata-flavor']).toBe('Google')
  await expect(token()).rejects.toThrow(
    /^no credentials for Google: name gcs.serviceAccountKeySecret, or set .*404/,
  )
})

test('a call carries the token, and keys their slashes', async () => {
  const store = gcsStore({ endpoint, bucket: 'b', token: async () => 'secret' })
  answers = [[200, 'bytes']]
  expect(await text((await store.get('a b/c')) ?? Readable.from([]))).toBe('bytes')
  expect(asked[0]?.line).toBe('GET /storage/v1/b/b/o/a%20b%2Fc?alt=media')
  expect(asked[0]?.headers.authorization).toBe('Bearer secret')
})

test('what passes by is tried again, with longer pauses, and not for ever', async () => {
  const pauses: number[] = []
  const pause = async (ms: number) => void pauses.push(ms)
  const store = gcsStore({ endpoint, bucket: 'b', pause })
  answers = [
    [503, ''],
    [429, ''],
    [200, 'bytes'],
  ]
  expect(await text((await store.get('x')) ?? Readable.from([]))).toBe('bytes')
  expect(pauses).toEqual([2000, 4000])
  answers = Array.from({ length: 5 }, () => [500, 'broken'])
  await expect(store.get('x')).rejects.toThrow(/^gcs: GET x: 500 .*broken/)
  expect(pauses.slice(2)).toEqual([2000, 4000, 8000, 16_000])
})

test('a large object is sent in parts; the last one says how many bytes there are', async () => {
  const store = gcsStore({ endpoint, bucket: 'b' })
  const mebibyte = Buffer.alloc(2 ** 20)
  const size = 17 * 2 ** 20
  const open = async () => Readable.from(Array.from({ length: 17 }, () => mebibyte))
  answers = [
    [200, '', { location: `${endpoint}/session` }],
    [308, ''],
    [308, ''],
    [200, '{}'],
  ]
  await store.put('x', { open, size: undefined })
  expect(asked.map(({ line, headers }) => [line, headers['content-range']])).toEqual([
    ['POST /upload/storage/v1/b/b/o?uploadType=resumable&name=x', undefined],
    ['PUT /session', `bytes 0-${2 ** 23 - 1}/*`],
    ['PUT /session', `bytes ${2 ** 23}-${2 ** 24 - 1}/*`],
    ['PUT /session', `bytes ${2 ** 24}-${size - 1}/${size}`],
  ])
})

test('a list goes on from page to page', async () => {
  const store = gcsStore({ endpoint, bucket: 'b' })
  answers = [
    [200, JSON.stringify({ items: [{ name: 'd/1' }, { name: 'd/2' }], nextPageToken: 'more' })],
    [200, JSON.stringify({ items: [{ name: 'd/3' }] })],
  ]
  const keys: string[] = []
  for await (const key of store.list('d/')) keys.push(key)
  expect(keys).toEqual(['d/1', 'd/2', 'd/3'])
  expect(asked[1]?.line).toContain('&pageToken=more')
})

test.each([
  [{ bucket: 'b', key: 'k' }, '{"type":"authorized_user"}', 'is not one of a service account'],
  [{ bucket: 'b', key: 'k' }, 'junk', 'gcs.serviceAccountKeySecret is not a JSON object'],
  [{ key: 'k' }, '{}', 'gcs.bucket is missing'],
  [{ bucket: 'b' }, '{}', 'artifact a has no gcs key'],
])('what is missing is named: %j', async (gcs, key, words) => {
  const world = { env: {}, now: Date.now }
  const driver = gcsDriver({ secrets: async () => Buffer.from(key) }, world)
  const serviceAccountKeySecret = { name: 's', key: 'k' }
  const artifact = { name: 'a', gcs: { serviceAccountKeySecret, ...gcs } }
  await expect(driver.open(artifact)).rejects.toThrow(words)
})

test('a bucket that is not there is an error, not an absence', async () => {
  const store = gcsStore({ endpoint, bucket: 'b' })
  const said = (message: string): [number, string] => [404, JSON.stringify({ error: { message } })]
  answers = [said('No such object: b/x'), said('The specified bucket does not exist.')]
  expect(await store.get('x')).toBeUndefined()
  await expect(store.get('x')).rejects.toThrow('gcs: 404 The specified bucket does not exist.')
})
