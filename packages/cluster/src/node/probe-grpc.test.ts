import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './fixture.ts'
import { askOverGrpc } from './probe-grpc.ts'

let server: Http2Server
let port: number
const asked: string[] = []

/** Serves what the service is called: a status, or an error of gRPC. */
beforeAll(async () => {
  server = createServer()
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const service = Buffer.concat(chunks).subarray(7).toString()
      asked.push(`${headers[':path']} ${service}`)
      if (service === 'silent') return
      const error = service === 'none' ? '12' : '0'
      stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': error }))
      const status = { '': 1, sick: 2 }[service]
      const message = status === undefined ? [] : [0x08, status]
      stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const ask = (service: string, signal = new AbortController().signal) =>
  askOverGrpc({ address: '127.0.0.1', port, service }, signal)

test('a server that serves is well, any other answer says what it is', async () => {
  expect(await ask('')).toBeUndefined()
  expect(await ask('sick')).toBe('service unhealthy (responded with "NOT_SERVING")')
  expect(await ask('odd')).toBe('service unhealthy (responded with "UNKNOWN")')
  expect(await ask('none')).toMatch(/does not implement the grpc health protocol/)
  expect(asked).toEqual(
    ['', 'sick', 'odd', 'none'].map((one) => `/grpc.health.v1.Health/Check ${one}`),
  )
})

test('who does not answer in time, or is not there, is not well', async () => {
  const over = new AbortController()
  const waiting = ask('silent', over.signal)
  await eventually(() => asked.at(-1)?.endsWith(' silent'))
  over.abort()
  expect(await waiting).toMatch(/^timeout/)
  const nobody = { address: '127.0.0.1', port: 1, service: '' }
  expect(await askOverGrpc(nobody, new AbortController().signal)).toMatch(/ECONNREFUSED/)
})
