import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { ApiDoor } from './api-door.ts'
import { codeIs } from './code-is.ts'

/** Where programs in networks of their own find the API. */
export interface ApiRelay extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>
  /** `name:address`, for their hosts files. */
  readonly hosts: readonly string[]
}

/** One of the names in the API's certificate; the address is not in it. */
const name = 'kubernetes.default.svc'

/**
 * An API that listens on the loopback only cannot be reached from a network of a pod's own. So what comes to this machine's
 * address in those networks, at the API's port, is passed on to it. Always the same port: programs outlive this process.
 */
export async function openApiRelay(
  api: ApiDoor | undefined,
  gateway: string | undefined,
): Promise<ApiRelay | undefined> {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = api?.env ?? {}
  if (gateway === undefined || !host.startsWith('127.')) return undefined
  const open = new Set<Socket>()
  const server = createServer((inner) => {
    const outer = connect({ host, port: Number(port) })
    for (const socket of [inner, outer]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      // The end of one is the end of the other.
      socket.on('error', () => [inner, outer].map((one) => one.destroy()))
    }
    inner.pipe(outer).pipe(inner)
  })
  try {
    await once(server.listen(Number(port), gateway), 'listening')
  } catch (error) {
    // Elsewhere than on Linux that address is none of this machine's.
    if (codeIs(error, 'EADDRNOTAVAIL')) return undefined
    // The API listens on all addresses itself.
    if (!codeIs(error, 'EADDRINUSE')) throw error
  }
  return {
    env: {
      KUBERNETES_SERVICE_HOST: name,
      KUBERNETES_SERVICE_PORT: port,
      KUBERNETES_SERVICE_PORT_HTTPS: port,
    },
    hosts: [`${name}:${gateway}`],
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
