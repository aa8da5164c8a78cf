import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { decode, encode, type Packet, RECURSION_DESIRED, type RecordType } from 'dns-packet'
import { readFramed, writeFramed } from './framed.ts'
import { respond, serverFailure } from './respond.ts'
import type { Upstream } from './upstream.ts'
import type { Zone } from './zone.ts'

export interface NameServerOptions {
  readonly host: string
  readonly port: number
  readonly zone: () => Zone
  readonly upstream: Upstream
}

export interface NameServer extends AsyncDisposable {
  readonly host: string
}

type Protocol = 'udp' | 'tcp'

/** Who says nothing for so long is sent away. */
const idleMs = 10_000
const mostConnections = 200

/** Answers questions for names, over UDP and TCP. Rejects with the system's error when the address cannot be had. */
export async function startNameServer(options: NameServerOptions): Promise<NameServer> {
  const { host, port } = options
  const open = new AsyncDisposableStack()
  try {
    const datagrams = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    open.defer(() => void datagrams.close())
    datagrams.on('message', (message, from) => {
      void answer(message, 'udp', options).then((said) => {
        if (said && !open.disposed) datagrams.send(said, from.port, from.address, () => undefined)
      })
    })
    datagrams.bind({ address: host, port, exclusive: true })
    await once(datagrams, 'listening')
    datagrams.on('error', () => undefined)
    const sockets = new Set<Socket>()
    const streams = createServer((socket) => serve(socket, sockets, options))
    streams.maxConnections = mostConnections
    open.defer(() => {
      for (const socket of sockets) socket.destroy()
      streams.close()
    })
    streams.listen({ host, port, exclusive: true })
    await once(streams, 'listening')
    streams.on('error', () => undefined)
    return { host, [Symbol.asyncDispose]: () => open.disposeAsync() }
  } catch (error) {
    await open.disposeAsync()
    throw error
  }
}

function serve(socket: Socket, sockets: Set<Socket>, options: NameServerOptions): void {
  sockets.add(socket)
  socket.setTimeout(idleMs, () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => socket.destroy())
  readFramed(socket, (message) => {
    void answer(message, 'tcp', options).then((said) => {
      if (said && socket.writable) writeFramed(socket, said)
    })
  })
}

async function answer(
  message: Buffer,
  protocol: Protocol,
  { zone, upstream }: NameServerOptions,
): Promise<Buffer | undefined> {
  const response = respond(message, zone(), protocol === 'udp')
  switch (response.do) {
    case 'ignore':
      return undefined
    case 'answer':
      return response.message
    case 'forward':
      return (await upstream.ask(message, protocol)) ?? serverFailure(message)
    case 'complete': {
      const rest = await follow(message, response.target, upstream)
      return response.with(rest)
    }
  }
}

/** What others say of a name that one of ours is another name for. */
async function follow(message: Buffer, target: string, upstream: Upstream): Promise<Packet> {
  const type: RecordType = decode(message).questions?.[0]?.type ?? 'A'
  const question = encode({
    ...{ type: 'query', id: message.readUInt16BE(), flags: RECURSION_DESIRED },
    questions: [{ type, name: target }],
  })
  const said = await upstream.ask(question, 'tcp')
  try {
    return said ? decode(said) : {}
  } catch {
    return {}
  }
}
