import { StatusError } from '@argosy/kube'
import type { PodStreamCall } from '../api/http/pod-streams.ts'

/** Makes the connection SPDY/3.1 with the first of `known` that the client offers; throws when there is none. */
export function upgradeToSpdy(
  { request, socket, head }: PodStreamCall,
  known: readonly string[],
): void {
  const offered = (request.headersDistinct['x-stream-protocol-version'] ?? [])
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
  const chosen = offered.find((name) => known.includes(name))
  if (chosen === undefined) {
    throw new StatusError(
      'Forbidden',
      `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], ` +
        `server accepts [${known.join(' ')}]`,
    )
  }
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `X-Stream-Protocol-Version: ${chosen}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
}
