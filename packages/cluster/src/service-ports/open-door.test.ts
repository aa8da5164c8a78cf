import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { freePort } from '@argosy/kube/free-port'
import { afterEach, expect, test } from 'vitest'
import { isServed, openDoor } from './open-door.ts'
import type { Target } from './service-targets.ts'
import { targetChoice } from './target-choice.ts'
import type { Door } from './wanted-doors.ts'

let open = new AsyncDisposableStack()
afterEach(async () => {
  await open.disposeAsync()
  open = new AsyncDisposableStack()
})

/** Says its name, then everything that it hears until the end. */
async function pod(name: string, ip: string): Promise<Target> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.write(`${name}:`)
    socket.pipe(socket)
  })
  server.listen(0, ip)
  await once(server, 'listening')
  open.defer(() => void server.close())
  return { ip, port: (server.address() as AddressInfo).port }
}

const doorAt = (port: number, protocol: Door['protocol'] = 'TCP'): Door => ({
  ...{ protocol, host: '127.0.0.1', port, portName: '', kind: 'node', mayBeServed: false },
})

async function opened(targets: readonly Target[], isSticky = false) {
  const choice = targetChoice()
  choice.aim(targets, isSticky)
  const port = await freePort()
  const door = await openDoor(doorAt(port), choice)
  open.defer(() => door.end())
  return { port, door, choice }
}

/** What is heard after the word was said, and the end of the saying. */
async function say(word: string, port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end(word)
  return text(socket)
}

test('what comes is passed on to one pod after the other, both ways and to the end', async () => {
  const { port } = await opened([await pod('a', '127.0.0.1'), await pod('b', '127.0.0.2')])
  expect([await say('1', port), await say('2', port), await say('3', port)]).toEqual([
    ...['a:1', 'b:2', 'a:3'],
  ])
  const long = 'x'.repeat(3_000_000)
  expect((await say(long, port)).length).toBe(long.length + 2)
})

test('with affinity a client always meets the same pod', async () => {
  const pods = [await pod('a', '127.0.0.1'), await pod('b', '127.0.0.2')]
  const { port } = await opened(pods, true)
  const said = new Set([await say('1', port), await say('1', port), await say('1', port)])
  expect(said.size).toBe(1)
})

test('a pod that is gone is passed over; without any the connection is broken', async () => {
  const gone = { ip: '127.0.0.1', port: await freePort() }
  const { port, choice } = await opened([gone, await pod('b', '127.0.0.2')])
  expect([await say('1', port), await say('2', port)]).toEqual(['b:1', 'b:2'])
  choice.aim([], false)
  await expect(say('3', port)).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('a door that is closed lets who is inside finish', async () => {
  const { port, door } = await opened([await pod('a', '127.0.0.1')])
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  await once(socket, 'readable')
  door.close()
  socket.end('still')
  expect(await text(socket)).toBe('a:still')
  await expect(say('late', port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a client that breaks off harms nobody', async () => {
  const { port } = await opened([await pod('a', '127.0.0.1')])
  for (let count = 0; count < 20; count++) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.resetAndDestroy()
  }
  expect(await say('1', port)).toBe('a:1')
})

test('a port of another program cannot be had', async () => {
  const { port } = await pod('other', '127.0.0.1')
  await expect(openDoor(doorAt(port), targetChoice())).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('datagrams of a client go to one pod, and its answers come back', async () => {
  const server = createSocket('udp4')
  server.on('message', (bytes, { port, address }) => server.send(`a:${bytes}`, port, address))
  server.bind(0, '127.0.0.2')
  await once(server, 'listening')
  open.defer(() => void server.close())
  const choice = targetChoice()
  choice.aim([{ ip: '127.0.0.2', port: server.address().port }], false)
  const port = await freePort()
  const door = await openDoor(doorAt(port, 'UDP'), choice)
  open.defer(() => door.end())
  const client = createSocket('udp4')
  open.defer(() => void client.close())
  for (const word of ['1', '2']) {
    const heard = once(client, 'message')
    client.send(word, port, '127.0.0.1')
    expect(String((await heard)[0])).toBe(`a:${word}`)
  }
})

test('whether pods answer at a door themselves', async () => {
  const { port } = await pod('a', '127.0.0.1')
  const free = await freePort()
  expect(await isServed(doorAt(port), [])).toBe(true)
  expect(await isServed(doorAt(free), [{ ip: '127.0.0.1', port }])).toBe(false)
  expect(await isServed(doorAt(free), [{ ip: '127.0.0.1', port: free }])).toBeUndefined()
})
