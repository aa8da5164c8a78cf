import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { Connection } from './connection.ts'

test('who asks by HTTPS where only HTTP is spoken is told that, and not what the library for TLS saw', async () => {
  const server = createServer((_, answer) => answer.end('{}')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  using connection = new Connection({ server: `https://127.0.0.1:${port}` })
  await expect(connection.ask('/version')).rejects.toThrow(
    /cannot be reached: it does not speak HTTPS .*ARGO_SECURE=false/,
  )
  server.close()
})
