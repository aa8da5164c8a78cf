import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpDriver } from './http.ts'
import { rawDriver } from './raw.ts'

let server: Server
let url: string
let room: string
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/file' ? 200 : request.url === '/gone' ? 404 : 503
    response.end(`token=${request.headers['x-token'] ?? ''}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  room = await mkdtemp(join(tmpdir(), 'argosy-http-'))
})
afterAll(async () => {
  server.close()
  await rm(room, { recursive: true, force: true })
})

test('a file is fetched with its headers', async () => {
  const headers = [{ name: 'X-Token', value: 'abc' }]
  const artifact = { name: 'a', http: { url: `${url}/file`, headers } }
  await httpDriver().load(artifact, join(room, 'out'))
  expect(await readFile(join(room, 'out'), 'utf8')).toBe('token=abc')
})

test('what would have to log in is refused by name', async () => {
  const auth = { basicAuth: {} }
  const load = httpDriver().load({ name: 'a', http: { url, auth } }, join(room, 'z'))
  await expect(load).rejects.toThrow('artifact a: http.auth is not supported yet')
})

test('404 is an absent artifact, anything else says what it was', async () => {
  const load = (path: string) =>
    httpDriver().load({ name: 'a', http: { url: url + path } }, join(room, 'x'))
  await expect(load('/gone')).rejects.toMatchObject({ reason: 'NotFound' })
  await expect(load('/bad')).rejects.toThrow(
    `loading file from ${url}/bad failed with reason: 503 Service Unavailable`,
  )
  const nowhere = { name: 'a', http: { url: 'http://127.0.0.1:4/' } }
  await expect(httpDriver().load(nowhere, join(room, 'y'))).rejects.toThrow(/GET .*ECONNREFUSED/)
})

test('a raw artifact is its text', async () => {
  await rawDriver.load({ name: 'a', raw: { data: 'text' } }, join(room, 'raw'))
  expect(await readFile(join(room, 'raw'), 'utf8')).toBe('text')
  await expect(
    rawDriver.save({ path: '/x', settled: true }, { name: 'a', raw: { data: '' } }),
  ).rejects.toThrow('Raw output artifacts unsupported')
})
