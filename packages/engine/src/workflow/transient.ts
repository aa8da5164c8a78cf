// argo: util/errors isTransientErr: what of it can be seen in a node's message.
const signs = [
  'etcdserver: leader changed',
  'etcdserver: request timed out',
  'etcdserver: too many requests',
  'unexpected error when reading response body',
  'stream error when reading response body',
  'Connection closed by foreign host',
  'net/http: TLS handshake timeout',
  'i/o timeout',
  'connection timed out',
  'connection reset by peer',
  'http2: client connection lost',
  'http2: server sent GOAWAY and closed the connection',
  'request did not complete within requested timeout',
  'connect: connection refused',
  'invalid connection',
  'client rate limiter Wait returned an error',
]

/** Whether a failure with this message may well go away by itself (retryPolicy OnTransientError). */
export function isTransient(message: string): boolean {
  return signs.some((sign) => message.includes(sign))
}
