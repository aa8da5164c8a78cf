import type { IncomingMessage } from 'node:http'
import { isObject, type JsonObject } from '@argosy/engine'
import { ApiError, invalid } from './api-error.ts'

/** Reads a request's body when it is first wanted, and keeps it: whoever checks its signature is not the last reader. */
export function bodyOnce(request: IncomingMessage): (most: number) => Promise<Buffer> {
  let read: Promise<Buffer> | undefined
  return (most) => {
    read ??= readBody(request, most)
    return read
  }
}

/** A request's body as it is. Throws `ResourceExhausted` when it is longer than `most` bytes. */
async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const tooLong = () =>
    new ApiError(
      'ResourceExhausted',
      `the body is larger than ${most} bytes, the most that is taken`,
    )
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLong()
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > most) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A body that is a JSON object; nothing is {}. */
export function jsonBody(body: Buffer): JsonObject {
  const text = body.toString('utf8').trim()
  if (text === '') return {}
  const value = parsed(text)
  if (!isObject(value)) throw invalid('the body must be a JSON object')
  return value
}

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
