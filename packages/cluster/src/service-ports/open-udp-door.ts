import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { OpenDoor } from './open-door.ts'
import type { Choice } from './target-choice.ts'
import type { Door } from './wanted-doors.ts'

/** Who has said nothing for so long, and heard nothing, has gone. */
const idleMs = 60_000
/** Each client has a socket of its own; the one that came first goes when there are too many. */
const mostClients = 1000

interface Client {
  readonly socket: Socket
  timer: NodeJS.Timeout
}

/** Listens for datagrams: those of one client all go to one pod, and its answers go back to him. */
export async function openUdpDoor({ host, port }: Door, choice: Choice): Promise<OpenDoor> {
  const server = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const clients = new Map<string, Client>()
  const forget = (key: string) => {
    const client = clients.get(key)
    if (!client) return
    clearTimeout(client.timer)
    clients.delete(key)
    client.socket.close()
  }
  const clientOf = (from: RemoteInfo): Client | undefined => {
    const key = `${from.address}/${from.port}`
    const known = clients.get(key)
    if (known) return known
    const [target] = choice.inOrder(from.address)
    if (!target) return undefined
    const [first] = clients.keys()
    if (clients.size >= mostClients && first !== undefined) forget(first)
    const socket = createSocket(target.ip.includes(':') ? 'udp6' : 'udp4')
    const client: Client = { socket, timer: setTimeout(() => forget(key), idleMs) }
    client.timer.unref()
    clients.set(key, client)
    // Nobody listens there: the next datagram looks for somebody else.
    socket.on('error', () => forget(key))
    socket.on('message', (bytes) => {
      client.timer.refresh()
      server.send(bytes, from.port, from.address)
    })
    socket.connect(target.port, target.ip)
    return client
  }
  server.on('message', (bytes, from) => {
    const client = clientOf(from)
    client?.timer.refresh()
    if (client) whenConnected(client.socket, () => client.socket.send(bytes))
  })
  server.bind({ address: host, port, exclusive: true })
  await once(server, 'listening').catch((error) => {
    server.close()
    throw error
  })
  server.on('error', () => undefined)
  const close = () => {
    for (const key of [...clients.keys()]) forget(key)
    server.close()
  }
  return { close, end: close }
}

function whenConnected(socket: Socket, work: () => void): void {
  try {
    socket.remoteAddress()
    work()
  } catch {
    socket.once('connect', work)
  }
}
