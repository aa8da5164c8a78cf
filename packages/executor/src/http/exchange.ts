import type { LookupFunction } from 'node:net'
import { goNetworkError } from './go-network-error.ts'

export interface Question {
  readonly method: string
  readonly url: string
  /** `Host` among them says whom the request is for. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly insecureSkipVerify: boolean
  /** Where hosts are; default: where the machine finds them. */
  readonly lookup?: LookupFunction
}

export interface Answer {
  readonly statusCode: number
  /** By Go's spelling of their names. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

const mostRedirects = 10
const mostBytes = 16 * 1024 * 1024

/** One exchange as Go's default client has it: redirects are followed, errors are in its words. */
export async function exchange(question: Question, signal: AbortSignal): Promise<Answer> {
  let now = question
  for (let redirects = 0; ; redirects++) {
    const answer = await once(now, signal)
    const next = redirected(now, answer)
    if (!next) return answer
    if (redirects === mostRedirects) {
      const why = new Error(`stopped after ${mostRedirects} redirects`)
      throw new Error(goNetworkError(now.method, next.url, why))
    }
    now = next
  }
}

/** argo: net/http's redirectBehavior. */
function redirected(question: Question, { statusCode, headers }: Answer): Question | undefined {
  const [location] = headers['Location'] ?? []
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return undefined
  const url = new URL(location, question.url)
  const isElsewhere = url.host !== new URL(question.url).host
  const kept = question.headers.filter(([name]) => !isElsewhere || !secrets.has(name.toLowerCase()))
  const next = { ...question, url: url.href, headers: kept }
  if (statusCode >= 307) return next
  const method = question.method === 'HEAD' ? 'HEAD' : 'GET'
  return { ...next, method, body: Buffer.alloc(0) }
}

/** Not told to another host. */
const secrets = new Set(['authorization', 'cookie', 'cookie2', 'www-authenticate', 'host'])

async function once(question: Question, signal: AbortSignal): Promise<Answer> {
  const { method, url, body } = question
  const sent = await ask(question, signal)
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      const why = signal.aborted ? signal.reason : error
      reject(new Error(goNetworkError(method, url, why), { cause: error }))
    }
    sent.on('error', fail)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > mostBytes)
          response.destroy(new Error(`the response is larger than ${mostBytes} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () =>
        resolve({
          statusCode: response.statusCode ?? 0,
          headers: byName(pairsOf(response.rawHeaders)),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.end(body)
  })
}

async function ask(
  { method, url, headers, body, insecureSkipVerify, lookup }: Question,
  signal: AbortSignal,
) {
  const place = new URL(url)
  const options = {
    method,
    signal,
    ...(lookup && { lookup }),
    headers: {
      'User-Agent': 'Go-http-client/1.1',
      ...gathered(headers),
      ...(body.length > 0 && { 'Content-Length': String(body.length) }),
    },
  }
  if (place.protocol === 'https:') {
    const { request } = await import('node:https')
    return request(place, { ...options, rejectUnauthorized: !insecureSkipVerify })
  }
  if (place.protocol === 'http:') {
    const { request } = await import('node:http')
    return request(place, options)
  }
  throw new Error(`unsupported protocol scheme "${place.protocol.replace(/:$/, '')}"`)
}

/** A header that is given twice is sent twice. */
function gathered(headers: Question['headers']): Record<string, string | string[]> {
  const { Host, ...others } = byName(headers)
  const host = Host?.at(-1)
  return { ...others, ...(host !== undefined && { Host: host }) }
}

/** Go's http.Header: all values of each name, in Go's spelling. */
export function byName(headers: Question['headers']): Record<string, string[]> {
  const all = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = canonical(name)
    all.set(key, [...(all.get(key) ?? []), value])
  }
  return Object.fromEntries(all)
}

function pairsOf(raw: readonly string[]): Question['headers'] {
  const names = raw.filter((_, index) => index % 2 === 0)
  return names.map((name, index) => [name, raw[index * 2 + 1] ?? ''])
}

/** Go's textproto: `content-type` is `Content-Type`. */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
