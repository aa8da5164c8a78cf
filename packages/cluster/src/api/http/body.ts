import type { IncomingMessage } from 'node:http'
import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { parseDocument } from 'yaml'
import { decodeProtobuf } from '../parts/protobuf/decode-protobuf.ts'

/** What a request carried. */
export interface Body {
  /** Without parameters; '' when the request did not say. */
  readonly type: string
  readonly bytes: Buffer
}

const limit = 3 * 1024 * 1024

/** Reads all of it; throws `RequestEntityTooLarge`. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const bytes = await bytesOf(request)
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  return { type: type.trim().toLowerCase(), bytes }
}

/** Measured: an iterator over the request costs as much as all of its parsing. */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) reject(tooLarge())
      else chunks.push(chunk)
    })
    request.on('end', () => resolve(joined(chunks)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.readableEnded) reject(new Error('the request ended before its body'))
    })
  })
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first && chunks.length === 1 ? first : Buffer.concat(chunks)
}

function tooLarge(): StatusError {
  return new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`)
}

/** The object that a body holds. Throws `BadRequest` and `UnsupportedMediaType`. */
export function objectIn({ type, bytes }: Body): JsonObject {
  const value = valueIn(type, bytes)
  if (isObject(value)) return value
  throw new StatusError('BadRequest', 'the body of the request is not an object')
}

function valueIn(type: string, bytes: Buffer): Json {
  switch (type) {
    case '':
    case 'application/json':
    case '*/*':
      return json(bytes)
    case 'application/yaml':
      return yaml(bytes)
    case 'application/vnd.kubernetes.protobuf':
      return decodeProtobuf(bytes)
    default:
      throw unsupported()
  }
}

export function json(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StatusError('BadRequest', `couldn't get version/kind; json parse error: ${why}`, {
      cause,
    })
  }
}

/** YAML, which may be JSON. */
export function yaml(bytes: Buffer): Json {
  const text = bytes.toString('utf8')
  if (text.trimStart().startsWith('{')) return json(bytes)
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) {
    throw new StatusError('BadRequest', `error converting YAML to JSON: ${error.message}`, {
      cause: error,
    })
  }
  return document.toJS() as Json
}

function unsupported(): StatusError {
  return new StatusError(
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  )
}
