import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { json, text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { blocksOf } from './blocks.ts'
import type { Content, ObjectStore } from './object-store.ts'
import { isGood, type Sending, send } from './send.ts'

/** A bucket, and who asks; without a token it is anybody. */
export interface GcsPlace {
  /** `https://storage.googleapis.com`, or an emulator. */
  readonly endpoint: string
  readonly bucket: string
  token?(signal?: AbortSignal): Promise<string>
  readonly lookup?: LookupFunction
  /** Between two tries of a call; default: the time itself. */
  pause?(ms: number, signal?: AbortSignal): Promise<unknown>
}

/** Parts of a large object; Google wants multiples of 256 KiB. */
const blockSize = 8 * 1024 * 1024

/** One bucket of Google Cloud Storage, through its JSON interface. */
export function gcsStore(place: GcsPlace): ObjectStore {
  const objects = `/storage/v1/b/${encodeURIComponent(place.bucket)}/o`
  const ask = (call: Call) => asked(place, call)
  return {
    async get(key, signal) {
      const path = `${objects}/${encodeURIComponent(key)}`
      const answer = await ask({ method: 'GET', path, query: { alt: 'media' }, signal })
      if (answer.statusCode === 404) return absent(answer)
      return good(answer, `GET ${key}`)
    },
    put: (key, content, signal) =>
      sendObject(ask, { key, path: `/upload${objects}`, signal }, content),
    list: (prefix, signal) => listed(ask, { path: objects, prefix, signal }),
    async remove(key, signal) {
      const path = `${objects}/${encodeURIComponent(key)}`
      const answer = await ask({ method: 'DELETE', path, signal })
      if (answer.statusCode === 404) await absent(answer)
      else (await good(answer, `DELETE ${key}`)).resume()
    },
  }
}

type Ask = (call: Call) => Promise<IncomingMessage>

/** In one piece what fits into one, in parts what does not. */
async function sendObject(ask: Ask, to: Sent, content: Content): Promise<void> {
  const { key, path, signal } = to
  const blocks = blocksOf(content, blockSize)
  const first = await blocks.next()
  const second = await blocks.next()
  const body = first.value ?? Buffer.alloc(0)
  if (!second.value) {
    const query = { uploadType: 'media', name: key }
    const answer = await ask({ method: 'POST', path, query, body, signal })
    ;(await good(answer, `POST ${key}`)).resume()
    return
  }
  const query = { uploadType: 'resumable', name: key }
  const begun = await good(await ask({ method: 'POST', path, query, signal }), `POST ${key}`)
  begun.resume()
  const { location } = begun.headers
  if (location === undefined) throw new StatusError('BadRequest', `gcs: POST ${key}: no session`)
  await sendBlocks(join([body, second.value], blocks), async (part, range) => {
    const answer = await ask({ method: 'PUT', path: location, body: part, range, signal })
    // 308: and what comes next?
    if (answer.statusCode !== 308) await good(answer, `PUT ${key}`)
    answer.resume()
  })
}

interface Sent {
  readonly key: string
  readonly path: string
  readonly signal: AbortSignal | undefined
}

async function* listed(
  ask: Ask,
  { path, prefix, signal }: { path: string; prefix: string; signal: AbortSignal | undefined },
): AsyncGenerator<string> {
  const fields = 'items(name),nextPageToken'
  let pageToken: Json | undefined = ''
  while (typeof pageToken === 'string') {
    const query = { prefix, fields, ...(pageToken !== '' && { pageToken }) }
    const answer = await ask({ method: 'GET', path, query, signal })
    const page = (await json(await good(answer, 'list'))) as JsonObject
    yield* namesIn(page['items'])
    pageToken = page['nextPageToken'] === '' ? undefined : page['nextPageToken']
  }
}

function namesIn(items: Json | undefined): readonly string[] {
  const all = Array.isArray(items) ? items : []
  return all.filter(isObject).flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
}

async function* join(
  known: readonly Buffer[],
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* known
  yield* rest
}

/** Sends block after block; only the last one says how many bytes there are. */
async function sendBlocks(
  blocks: AsyncIterable<Buffer>,
  sendOne: (body: Buffer, range: string) => Promise<void>,
): Promise<void> {
  let at = 0
  let held: Buffer | undefined
  for await (const block of blocks) {
    if (held) {
      await sendOne(held, `bytes ${at}-${at + held.length - 1}/*`)
      at += held.length
    }
    held = block
  }
  if (!held) return
  const size = at + held.length
  await sendOne(held, `bytes ${at}-${size - 1}/${size}`)
}

interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below the endpoint, or a whole address. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly range?: string
  readonly signal: AbortSignal | undefined
}

// argo: gcs.go tries again after 2 s, 4 s …
const firstPauseMs = 2_000
const tries = 5

/** What Google says is worth another try gets one: too many requests, errors of the server, broken connections. */
async function asked(place: GcsPlace, call: Call): Promise<IncomingMessage> {
  const pause = place.pause ?? ((ms, signal) => delay(ms, undefined, { ...(signal && { signal }) }))
  for (let attempt = 1; ; attempt++) {
    const answer = await once(place, call).catch((error: unknown) => {
      const broken = error instanceof StatusError && error.reason === 'ServiceUnavailable'
      if (!broken || attempt === tries) throw error
    })
    if (answer && (!isTransient(answer) || attempt === tries)) return answer
    answer?.resume()
    await pause(firstPauseMs * 2 ** (attempt - 1), call.signal)
  }
}

function isTransient({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode === 429 || statusCode >= 500
}

async function once(place: GcsPlace, call: Call): Promise<IncomingMessage> {
  const { method, path, query = {}, body, range, signal } = call
  const url = new URL(path.startsWith('/') ? place.endpoint + path : path)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const token = await place.token?.(signal)
  const bytes = body ?? (method === 'GET' || method === 'DELETE' ? undefined : Buffer.alloc(0))
  const sending: Sending = {
    method,
    url: url.href,
    headers: [
      ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const]),
      ...(body ? [['Content-Type', 'application/octet-stream'] as const] : []),
      ...(range === undefined ? [] : [['Content-Range', range] as const]),
    ],
    ...(bytes && { content: { open: async () => Readable.from([bytes]), size: bytes.length } }),
    ...(place.lookup && { lookup: place.lookup }),
    signal,
  }
  return send(sending)
}

/** Undefined for an object that is not there; a bucket that is not there is an error. */
async function absent(answer: IncomingMessage): Promise<undefined> {
  const words = await complaintOf(answer)
  if (!/bucket does not exist/i.test(words)) return undefined
  throw new StatusError('BadRequest', `gcs: ${words}`)
}

async function good(answer: IncomingMessage, what: string): Promise<IncomingMessage> {
  if (isGood(answer)) return answer
  throw new StatusError('BadRequest', `gcs: ${what}: ${await complaintOf(answer)}`)
}

/** Google's own sentence, where there is one. */
async function complaintOf(answer: IncomingMessage): Promise<string> {
  const words = await text(answer).catch(() => '')
  try {
    const { error } = JSON.parse(words) as { error?: { message?: string } }
    if (error?.message) return `${answer.statusCode} ${error.message}`
  } catch {
    // Then what it said will do.
  }
  return `${answer.statusCode} ${answer.statusMessage}: ${words.replace(/\s+/g, ' ').slice(0, 300)}`
}
