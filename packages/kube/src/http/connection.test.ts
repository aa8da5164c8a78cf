import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createMute, type Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Connection } from './connection.ts'
import { watchLines } from './watch-lines.ts'

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

test('who accepts and never answers is given up, also when he is to speak TLS', async () => {
  const server = await listening(createMute())
  for (const scheme of ['http', 'https']) {
    using connection = new Connection({ server: server.replace('http', scheme) })
    await expect(connection.ask('/version', { silenceMs: 20 })).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message: expect.stringContaining('cannot be reached: it has said nothing for 0.02 s'),
    })
  }
})

test('who falls silent in the middle of an answer is given up', async () => {
  using connection = new Connection({ server: await answering((_, answer) => answer.write('{')) })
  await expect(connection.ask('/version', { silenceMs: 20 })).rejects.toThrow(
    'it has said nothing for 0.02 s',
  )
})

test('an answer that comes in drops is waited for', async () => {
  const server = await answering((_, answer) => {
    const drops = ['{', '"a"', ':', '1', '}']
    const drip = () => {
      answer.write(drops.shift())
      if (drops.length > 0) setTimeout(drip, 150)
      else answer.end()
    }
    drip()
  })
  using connection = new Connection({ server })
  expect(await connection.ask('/', { silenceMs: 500 })).toEqual({ a: 1 })
})

test('a watch that nothing comes of any more ends, so that it is begun again; one that never begins is a failure', async () => {
  const event = { type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'a' } } }
  const server = await answering((_, answer) => answer.write(`${JSON.stringify(event)}\n`))
  using connection = new Connection({ server })
  // Long enough for the event to come on a busy machine.
  const heard = await watched(connection, 1000)
  expect(heard).toMatchObject([[{ type: 'ADDED', name: 'a' }]])

  using mute = new Connection({ server: await listening(createMute()) })
  await expect(watched(mute, 20)).rejects.toThrow('it has said nothing for 0.02 s')
})

test('what is done with as somebody else is over does not end what the others ask', async () => {
  let answerLater = () => {}
  const server = await answering((request, answer) => {
    if (request.url === '/now') answer.end('{}')
    else answerLater = () => answer.end('{"late":true}')
  })
  using connection = new Connection({ server })
  const late = connection.ask('/late')
  {
    using other = connection.as(async () => 'Bearer other')
    await other.ask('/now')
  }
  answerLater()
  expect(await late).toEqual({ late: true })
})

async function watched(connection: Connection, silenceMs: number): Promise<readonly unknown[]> {
  const heard: unknown[] = []
  for await (const batch of watchLines(connection, '/', AbortSignal.any([]), silenceMs))
    heard.push(batch)
  return heard
}

async function answering(listener: RequestListener): Promise<string> {
  return listening(createServer(listener))
}

async function listening(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
