import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@argosy/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCertificate } from '../../packages/cluster/src/api/http/certificates.ts'
import { executorPrograms } from '../../packages/executor/src/index.ts'
import { bench, resources } from './bench.ts'

const { http } = executorPrograms()
if (!http) throw new Error('there is no program for http')

let server: Server
let origin = ''
const asked: {
  method: string
  url: string
  headers: IncomingMessage['headersDistinct']
  body: string
}[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const { method = '', url = '', headersDistinct: headers } = request
    asked.push({ method, url, headers, body })
    const [, what, more = ''] = url.split('/')
    if (what === 'status') response.statusCode = Number(more)
    if (what === 'moved') {
      response.statusCode = Number(more)
      response.setHeader('location', '/echo')
    }
    if (what === 'loop') {
      response.statusCode = 302
      response.setHeader('location', '/loop')
    }
    if (what === 'hang') return
    response.setHeader('x-kind', ['a', 'b'])
    response.end(what === 'echo' ? `${method} ${body}` : `this is ${url}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function ask(template: JsonObject): Promise<unknown> {
  const made = bench()
  await made.create(resources.secrets, 'token', {
    data: { key: Buffer.from('s3cret').toString('base64') },
  })
  const container = made.container({ http: template })
  expect(await http?.(container.call())).toBe(0)
  return JSON.parse(container.files.get('/var/run/argo/verdict.json') ?? '')
}

const at = (path: string, more: JsonObject = {}): JsonObject => ({
  url: `${origin}${path}`,
  ...more,
})

test('the body of a good answer is the result', async () => {
  expect(await ask(at('/x'))).toEqual({ phase: 'Succeeded', outputs: { result: 'this is /x' } })
  expect(asked.at(-1)).toMatchObject({ method: 'GET', body: '' })
})

test('an answer that is not 2xx fails, with its body as result', async () => {
  expect(await ask(at('/status/404'))).toEqual({
    phase: 'Failed',
    message: 'received non-2xx response code: 404',
    outputs: { result: 'this is /status/404' },
  })
})

test('method, headers and body go out; a header may come from a Secret, and Host is the host', async () => {
  await ask(
    at('/x', {
      method: 'POST',
      body: 'hello',
      headers: [
        { name: 'x-a', value: '1' },
        { name: 'X-A', value: '2' },
        { name: 'Authorization', valueFrom: { secretKeyRef: { name: 'token', key: 'key' } } },
        { name: 'host', value: 'elsewhere' },
      ],
    }),
  )
  expect(asked.at(-1)).toMatchObject({
    method: 'POST',
    body: 'hello',
    headers: { 'x-a': ['1', '2'], authorization: ['s3cret'], host: ['elsewhere'] },
  })
})

test('a body may be bytes', async () => {
  await ask(
    at('/x', { method: 'PUT', bodyFrom: { bytes: Buffer.from('bytes').toString('base64') } }),
  )
  expect(asked.at(-1)?.body).toBe('bytes')
})

test.each([
  ['response.statusCode == 404', '/status/404', 'Succeeded'],
  [
    'response.statusCode == 201',
    '/status/404',
    "successCondition 'response.statusCode == 201' evaluated false",
  ],
  ['response.body contains "this"', '/x', 'Succeeded'],
  ['response.headers["X-Kind"][1] == "b"', '/x', 'Succeeded'],
  ['request.method == "POST" and request.body == "hi"', '/x', 'Succeeded'],
  ['len(request.bodyBytes) == 2', '/x', 'Succeeded'],
  ['request.headers["X-Q"][0] == "q"', '/x', 'Succeeded'],
  ['request.url endsWith "/x"', '/x', 'Succeeded'],
])('the condition %s of %s: %s', async (successCondition, path, want) => {
  const verdict = await ask(
    at(path, {
      successCondition,
      method: 'POST',
      body: 'hi',
      headers: [{ name: 'x-q', value: 'q' }],
    }),
  )
  const phase = want === 'Succeeded' ? 'Succeeded' : 'Failed'
  expect(verdict).toMatchObject({ phase, ...(phase === 'Failed' && { message: want }) })
})

test('redirects are followed as Go follows them', async () => {
  const post = { method: 'POST', body: 'hi' }
  expect(await ask(at('/moved/302', post))).toMatchObject({ outputs: { result: 'GET ' } })
  expect(await ask(at('/moved/307', post))).toMatchObject({ outputs: { result: 'POST hi' } })
  await expect(ask(at('/loop'))).rejects.toThrow(/^Get ".*\/loop": stopped after 10 redirects$/)
})

test('what cannot be asked is told in Go’s words', async () => {
  await expect(ask({ url: 'http://127.0.0.1:1/' })).rejects.toThrow(
    'Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused',
  )
  await expect(ask(at('/hang', { timeoutSeconds: 0.05 }))).rejects.toThrow(
    /hang": context deadline exceeded$/,
  )
  await expect(
    ask(
      at('/x', { headers: [{ name: 'a', valueFrom: { secretKeyRef: { name: 'b', key: 'c' } } }] }),
    ),
  ).rejects.toThrow("secret 'b' does not have the key 'c'")
})

test('a certificate that nobody vouches for is refused, unless insecureSkipVerify says not to ask', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-http-'))
  const { cert, key } = await serverCertificate(folder, [], Date.now())
  const tls = createTlsServer({ cert, key }, (_, response) => response.end('trusted'))
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(tls.address() as AddressInfo).port}/`
  await expect(ask({ url })).rejects.toThrow(/certificate/)
  expect(await ask({ url, insecureSkipVerify: true })).toMatchObject({
    outputs: { result: 'trusted' },
  })
  tls.closeAllConnections()
  tls.close()
  await rm(folder, { recursive: true })
})

test('a request that was answered is not sent again after a crash', async () => {
  const container = bench().container({ http: at('/once') })
  await http(container.call())
  const before = asked.length
  container.files.clear()
  await http(container.call())
  expect(asked.length).toBe(before)
  expect(container.files.get('/var/run/argo/verdict.json')).toContain('this is /once')
})
