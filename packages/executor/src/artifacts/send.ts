import type { IncomingMessage, RequestOptions } from 'node:http'
import type { LookupFunction } from 'node:net'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { StatusError } from '@argosy/kube'
import type { Content } from './object-store.ts'

export interface Sending {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers?: readonly (readonly [string, string])[]
  /** Read again for every redirect that wants it again. */
  readonly content?: Content
  /** A certificate that says who asks. */
  readonly identity?: { readonly cert: string; readonly key: string }
  /** Where hosts are; default: where the machine finds them. */
  readonly lookup?: LookupFunction
  readonly signal?: AbortSignal | undefined
}

const mostRedirects = 10

/** One request, its body streamed, redirects followed. The answer may have any status; its body must be read or destroyed. */
export async function send(sending: Sending): Promise<IncomingMessage> {
  let next = sending
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const answer = await sendOnce(next)
    const redirected = redirect(next, answer)
    if (!redirected) return answer
    // Whatever is still being sent to it is for nobody.
    answer.destroy()
    next = redirected
  }
  throw new StatusError('BadRequest', `${sending.method} ${sending.url}: too many redirects`)
}

/** Go: 301, 302 and 303 lead to a GET, 307 and 308 to the same again; credentials stay at their host. */
function redirect(sending: Sending, { statusCode = 0, headers }: IncomingMessage) {
  const { location } = headers
  if (location === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const from = new URL(sending.url)
  const to = new URL(location, from)
  const { content, identity, ...rest } = sending
  const again = statusCode >= 307 || sending.method === 'HEAD'
  const sameHost = from.host === to.host
  return {
    ...rest,
    url: to.href,
    ...(again ? content && { content } : { method: 'GET' as const }),
    ...(sameHost && identity && { identity }),
    headers: (sending.headers ?? []).filter(
      ([name]) => sameHost || !/^(authorization|cookie)$/i.test(name),
    ),
  }
}

async function sendOnce(sending: Sending) {
  const { method, url, headers = [], content, identity, lookup, signal } = sending
  const { protocol, username, password } = new URL(url)
  const all: Record<string, string | string[]> = {}
  for (const [name, value] of headers) all[name] = [all[name] ?? [], value].flat()
  if (content?.size !== undefined) all['Content-Length'] = String(content.size)
  const options: RequestOptions = {
    method,
    headers: all,
    ...(username !== '' && {
      auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
    }),
    ...(signal && { signal }),
    ...(lookup && { lookup }),
    ...identity,
  }
  // Loaded when something is sent: most runs never send.
  const web = await (protocol === 'https:' ? import('node:https') : import('node:http'))
  const request = web.request(url, options)
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
  })
  // Who answers before it has read everything ends the sending; its answer is what counts.
  const sent = content ? pipeline(await content.open(), request) : request.end()
  if (content) (sent as Promise<void>).catch(() => undefined)
  return answered.catch((cause: Error) => {
    if (signal?.aborted) throw signal.reason
    throw new StatusError('ServiceUnavailable', `${method} ${url}: ${cause.message}`, { cause })
  })
}

export function isGood({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300
}

/** Status line and the beginning of what the server said beside it. */
export async function complaint(answer: IncomingMessage): Promise<string> {
  const { statusCode, statusMessage } = answer
  const words = (await text(answer).catch(() => '')).replace(/\s+/g, ' ').trim().slice(0, 300)
  return `${statusCode} ${statusMessage ?? ''}${words && `: ${words}`}`
}
