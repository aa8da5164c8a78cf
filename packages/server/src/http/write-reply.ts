import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ApiError } from './api-error.ts'
import type { Reply } from './reply.ts'
import { type StreamOptions, writeStream } from './stream-writer.ts'

/** Sends an answer whole, or until the asker leaves. */
export async function writeReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  options: Omit<StreamOptions, 'events'>,
): Promise<void> {
  if (reply.kind === 'json') {
    writeJson(response, 200, reply.value)
  } else if (reply.kind === 'stream') {
    const events = (request.headers.accept ?? '').includes('text/event-stream')
    await writeStream(response, reply.batches, { ...options, events })
  } else {
    response.writeHead(reply.status, reply.headers)
    if (typeof reply.body === 'string' || request.method === 'HEAD') {
      response.end(typeof reply.body === 'string' ? reply.body : undefined)
    } else await pipeline(Readable.from(reply.body), response)
  }
}

/** The error as the body; once something is sent only the connection's end can tell. */
export function writeError(response: ServerResponse, error: ApiError): void {
  if (response.headersSent) response.destroy()
  else writeJson(response, error.status, error.body)
}

function writeJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}
