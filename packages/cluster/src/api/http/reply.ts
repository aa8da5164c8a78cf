import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzip } from 'node:zlib'
import { StatusError } from '@argosy/kube'

/** Headers that every answer has. */
export function startHeaders(response: ServerResponse): void {
  response.setHeader('Audit-Id', randomUUID())
  response.setHeader('Cache-Control', 'no-cache, private')
}

/** From this size on a body is compressed for who can read it, as Kubernetes does. */
const gzipBytes = 128 * 1024

/** Answers with JSON. */
export function sendJson(response: ServerResponse, code: number, value: unknown): void {
  sendText(response, code, JSON.stringify(value), 'application/json')
}

export function sendText(
  response: ServerResponse,
  code: number,
  body: string | Buffer,
  type = 'text/plain; charset=utf-8',
): void {
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', type)
  response.statusCode = code
  const length = Buffer.byteLength(body)
  if (length > gzipBytes && takesGzip(response.req)) {
    response.setHeader('Content-Encoding', 'gzip')
    response.appendHeader('Vary', 'Accept-Encoding')
    gzip(body, { level: 1 }, (error, packed) => {
      if (error) response.destroy(error)
      else end(response, packed, packed.length)
    })
  } else end(response, body, length)
}

/** Measured: a text that goes out with its head in one piece costs a fifth less than two pieces. */
function end(response: ServerResponse, body: string | Buffer, length: number): void {
  response.setHeader('Content-Length', length)
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function takesGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
}

/** A refusal as Kubernetes' clients read it. */
export function statusOf(error: StatusError) {
  const { details } = error
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    // Kubernetes' word for it is none.
    ...(error.reason !== 'Unknown' && { reason: error.reason }),
    ...(details && { details }),
    code: error.code,
  }
}

/** Whatever was thrown, as a refusal; `surprised` is told of what nobody meant to throw. */
export function refusalOf(error: unknown, surprised: (error: unknown) => void): StatusError {
  if (error instanceof StatusError) return error
  surprised(error)
  const message = error instanceof Error ? error.message : String(error)
  return new StatusError('InternalError', `Internal error occurred: ${message}`, { cause: error })
}

export function sendRefusal(response: ServerResponse, error: StatusError): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { retryAfterSeconds } = error.details ?? {}
  if (retryAfterSeconds) response.setHeader('Retry-After', retryAfterSeconds)
  response.removeHeader('Content-Type')
  sendJson(response, error.code, statusOf(error))
}

/** Something that the client's user should read. */
export function warn(response: ServerResponse, text: string): void {
  const quoted = text.replaceAll(/[\\"]/g, '\\$&').replaceAll(/[^\x20-\x7e]/g, '?')
  response.appendHeader('Warning', `299 - "${quoted}"`)
}
