import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { atPort } from './at-port.ts'

async function listen(port: number, host: string): Promise<number> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  server.unref()
  return (server.address() as AddressInfo).port
}

test('who cannot listen says where, why, and by which flag another place is chosen', async () => {
  const port = await atPort('--port', listen(0, '127.0.0.1'))
  await expect(atPort('--http-port', listen(port, '127.0.0.1'))).rejects.toThrow(
    `127.0.0.1:${port} is in use by another program: stop it, or choose another port (--http-port)`,
  )
  await expect(atPort('--port', listen(0, '192.0.2.1'))).rejects.toThrow(
    '192.0.2.1 is no address of this machine: choose another one (--host)',
  )
  const unknown = { code: 'ENOTFOUND', hostname: 'no.invalid' }
  await expect(
    atPort('--port', Promise.reject(Object.assign(new Error('x'), unknown))),
  ).rejects.toThrow('no.invalid is no name of this machine: choose another address (--host)')
  await expect(atPort('--port', Promise.reject(new Error('else')))).rejects.toThrow('else')
})
