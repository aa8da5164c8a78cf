import type { Duplex } from 'node:stream'
import { type ForwardTarget, forward } from './forward.ts'
import { SpdyConnection, type SpdyStream } from './spdy/connection.ts'

/**
 * Port-forward over SPDY: for each connection two streams with one `requestid`, of the types `error` and `data`, in
 * whatever order.
 */
export function spdyForward(transport: Duplex, target: ForwardTarget): SpdyConnection {
  const alone = new Map<string, SpdyStream>()
  return new SpdyConnection(transport, (stream) => {
    const id = stream.headers.get('requestid') ?? ''
    const other = alone.get(id)
    if (!other) {
      alone.set(id, stream)
      stream.once('close', () => alone.delete(id))
      return
    }
    alone.delete(id)
    const [error, data] = typeOf(stream) === 'error' ? [stream, other] : [other, stream]
    void pair(error, data, target)
  })
}

async function pair(error: SpdyStream, data: SpdyStream, target: ForwardTarget): Promise<void> {
  error.resume()
  const port = portOf(data.headers.get('port'))
  if (typeOf(error) !== 'error' || typeOf(data) !== 'data' || port === undefined) {
    error.end('streams of a port need streamtype error and data, a port and one requestid')
    data.destroy()
    return
  }
  const wrong = await forward(data, port, target)
  error.end(wrong ?? '')
}

function typeOf(stream: SpdyStream): string | undefined {
  return stream.headers.get('streamtype')
}

/** Undefined when it is none. */
export function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined
  const port = Number(text)
  return port > 0 && port < 65_536 ? port : undefined
}
