import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { OpenDoor } from './open-door.ts'
import type { Choice } from './target-choice.ts'
import type { Door } from './wanted-doors.ts'

/** How long a pod may take to be connected. */
const connectMs = 5000

/** Listens, and connects everybody who comes with a pod. A pod that cannot be reached is passed over. */
export async function openTcpDoor({ host, port }: Door, choice: Choice): Promise<OpenDoor> {
  const open = new Set<Socket>()
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  const server = createServer(
    { allowHalfOpen: true, pauseOnConnect: true, noDelay: true },
    (inner) => {
      keep(inner)
      inner.on('error', () => inner.destroy())
      void reach(inner, choice, keep)
    },
  )
  server.listen({ host, port, exclusive: true })
  await once(server, 'listening')
  server.on('error', () => undefined)
  return {
    close() {
      server.close()
    },
    end() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

async function reach(inner: Socket, choice: Choice, keep: (socket: Socket) => void): Promise<void> {
  for (const { ip, port } of choice.inOrder(inner.remoteAddress ?? '')) {
    const outer = connect({ host: ip, port, allowHalfOpen: true, noDelay: true })
    keep(outer)
    if (inner.destroyed || (await isConnected(outer))) {
      join(inner, outer)
      return
    }
  }
  // As where nobody listens.
  inner.resetAndDestroy()
}

function isConnected(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), connectMs)
    const end = (is: boolean) => {
      clearTimeout(timer)
      resolve(is)
    }
    socket.on('error', () => socket.destroy())
    socket.once('connect', () => end(true))
    socket.once('close', () => end(false))
  })
}

/** Each direction ends by itself; what breaks one breaks both. */
function join(inner: Socket, outer: Socket): void {
  const pairs = [
    [inner, outer],
    [outer, inner],
  ] as const
  for (const [from, to] of pairs) {
    from.pipe(to)
    from.once('close', () => {
      if (from.readableEnded && from.writableFinished) return
      to.destroy()
    })
    if (from.destroyed) to.destroy()
  }
}
