import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
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
  const socket = connect({ host: target.host, port, allowHalfOpen: true })
  socket.setNoDelay(true)
  const leave = () => socket.destroy()
  data.once('close', leave)
  try {
    await once(socket, 'connect')
  } catch (error) {
    data.destroy()
    const why = error instanceof Error ? error.message : String(error)
    return `error forwarding port ${port} to pod ${target.pod}: ${why}`
  }
  // What happens to a connection later is told by its end alone.
  socket.on('error', () => socket.destroy())
  await Promise.all([through(data, socket), through(socket, data)])
  data.off('close', leave)
  leave()
  return undefined
}

async function through(from: Duplex | Socket, to: Duplex | Socket): Promise<void> {
  await carry(from, to)
  if (!to.destroyed) await new Promise<void>((resolve) => endedOr(to, resolve))
}

function endedOr(to: Duplex, resolve: () => void): void {
  to.once('close', resolve)
  to.end(resolve)
}
