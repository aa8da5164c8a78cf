import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { carry } from './remote-command.ts'

/** What is forwarded to: pods have the network of this machine. */
export interface ForwardTarget {
  readonly host: string
  /** For messages: `default/web`. */
  readonly pod: string
}

/** Connects a client's stream with a port of a pod until both have ended; resolves to what went wrong. */
export async function forward(
  data: Duplex,
  port: number,
  target: ForwardTarget,
): Promise<string | undefined> {
  const opened = await open(target.host, port)
    .catch((error: unknown) => {
      // What listens on the loopback of its pod is forwarded to as well; here that is the machine's, unless the pod has
      // a network of its own: what listens on this machine is none of its business then.
      if (target.host === loopback || !target.host.startsWith('127.')) throw error
      return open(loopback, port)
    })
    .catch((error: unknown) => error)
  if (!(opened instanceof Socket)) {
    data.destroy()
    const why = opened instanceof Error ? opened.message : String(opened)
    return `error forwarding port ${port} to pod ${target.pod}: ${why}`
  }
  const socket = opened
  const leave = () => socket.destroy()
  if (data.destroyed) leave()
  data.once('close', leave)
  // What happens to a connection later is told by its end alone.
  socket.on('error', () => socket.destroy())
  await Promise.all([through(data, socket), through(socket, data)])
  data.off('close', leave)
  leave()
  return undefined
}

const loopback = '127.0.0.1'

async function open(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true })
  socket.setNoDelay(true)
  await once(socket, 'connect')
  return socket
}

async function through(from: Duplex | Socket, to: Duplex | Socket): Promise<void> {
  await carry(from, to)
  if (!to.destroyed) await new Promise<void>((resolve) => endedOr(to, resolve))
}

function endedOr(to: Duplex, resolve: () => void): void {
  to.once('close', resolve)
  to.end(resolve)
}
