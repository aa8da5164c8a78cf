import { connect, constants } from 'node:http2'

interface Question {
  readonly address: string
  readonly port: number
  readonly service: string
}

/** Asks by gRPC's health checking protocol. The result is what is wrong. kubelet: pkg/probe/grpc. */
export function askOverGrpc(
  { address, port, service }: Question,
  signal: AbortSignal,
): Promise<string | undefined> {
  const where = `${address}:${port}`
  return new Promise((resolve) => {
    const session = connect(`http://${where}`)
    const end = (wrong: string | undefined) => {
      signal.removeEventListener('abort', tooLate)
      session.destroy()
      resolve(wrong)
    }
    const tooLate = () => end(`timeout: failed to connect service "${where}" within the time`)
    signal.addEventListener('abort', tooLate, { once: true })
    if (signal.aborted) return tooLate()
    session.on('error', ({ message }) =>
      end(`error: failed to connect service "${where}": ${message}`),
    )
    const asked = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      te: 'trailers',
    })
    const chunks: Buffer[] = []
    let status = ''
    const note = (headers: Readonly<Record<string, unknown>>) => {
      status = String(headers['grpc-status'] ?? status)
    }
    asked.on('response', note)
    asked.on('trailers', note)
    asked.on('data', (chunk: Buffer) => chunks.push(chunk))
    asked.on('error', ({ message }) => end(`error: health rpc failed: ${message}`))
    asked.on('close', () => end(verdict(status, Buffer.concat(chunks))))
    asked.end(framed(service))
  })
}

/** A HealthCheckRequest, uncompressed: the service's name is its first field. */
function framed(service: string): Buffer {
  const name = Buffer.from(service)
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name])
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

const statuses: readonly string[] = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']

/** A HealthCheckResponse has one field, a small number; left out it is nought. */
function verdict(status: string, body: Buffer): string | undefined {
  if (status === '12')
    return 'error: this server does not implement the grpc health protocol (grpc.health.v1.Health)'
  if (status !== '0') return `error: health rpc failed: status ${status || 'unknown'}`
  const answer = body.length >= 7 && body[5] === 0x08 ? (body[6] ?? 0) : 0
  return answer === 1
    ? undefined
    : `service unhealthy (responded with "${statuses[answer] ?? answer}")`
}
