import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openApiRelay } from './api-relay.ts'

const door = (host: string, port: number) => ({
  env: { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) },
  token: async () => '',
})

test.skipIf(process.platform !== 'linux')(
  'what comes to the other address of the port is passed on to the API, both ways',
  async () => {
    const api = createServer((socket) => socket.end('hello\n')).listen(0, '127.0.0.1')
    await once(api, 'listening')
    const { port } = api.address() as AddressInfo
    const relay = await openApiRelay(door('127.0.0.1', port), '127.0.0.9')
    expect(relay?.env).toMatchObject({
      KUBERNETES_SERVICE_HOST: 'kubernetes.default.svc',
      KUBERNETES_SERVICE_PORT: String(port),
    })
    expect(relay?.hosts).toEqual(['kubernetes.default.svc:127.0.0.9'])
    expect(await text(connect(port, '127.0.0.9'))).toBe('hello\n')
    await relay?.[Symbol.asyncDispose]()
    const refused = connect(port, '127.0.0.9')
    const [error] = await once(refused, 'error')
    expect(error.code).toBe('ECONNREFUSED')
    api.close()
  },
)

test('who can be reached anyhow, or by nobody, needs no relay', async () => {
  expect(await openApiRelay(door('10.0.0.1', 6443), '127.0.0.9')).toBeUndefined()
  expect(await openApiRelay(door('127.0.0.1', 6443), undefined)).toBeUndefined()
  expect(await openApiRelay(undefined, '127.0.0.9')).toBeUndefined()
  expect(await openApiRelay(door('127.0.0.1', 6443), '192.0.2.77')).toBeUndefined()
})
