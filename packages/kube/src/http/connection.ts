import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import type { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { StatusError } from '../status-error.ts'
import { refusalOf } from './refusal-of.ts'

/** Where a Kubernetes API is, and who asks. */
export interface Access {
  /** With its path, if it has one. */
  readonly server: string
  /** A socket of this machine behind which the same server answers; asked there, without TLS. */
  readonly socket?: string | undefined
  /** PEM; default: the machine's authorities. */
  readonly ca?: string
  /** PEM, both or none. */
  readonly cert?: string
  readonly key?: string
  /** What the server's certificate is for, when that is not the host of `server`. */
  readonly servername?: string
  /** The server's certificate is not looked at. */
  readonly insecure?: boolean
  /** Asked before each request: tokens are renewed. */
  readonly authorization?: () => Promise<string | undefined>
  /** Who to act as. */
  readonly impersonate?: {
    readonly user: string
    readonly groups?: readonly string[]
    readonly uid?: string
  }
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, readonly string[]>>
  /** Told of each request when its answer begins. */
  readonly heard?: (request: Heard) => void
}

/** A request whose answer has begun. */
export interface Heard {
  readonly method: string
  /** With what is asked for behind it. */
  readonly path: string
  readonly code: number
  readonly ms: number
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string
  readonly signal?: AbortSignal | undefined
  /** For how long the server may say nothing. Default: a minute where the whole answer is waited for, else for ever. */
  readonly silenceMs?: number
}

// A peer that is gone without a word is noticed by TCP alone after a quarter of an hour, or never.
const defaultSilenceMs = 60_000

/** Requests to one server over connections that are kept. */
export class Connection implements Disposable {
  readonly access: Access
  readonly #base: URL
  readonly #line: Line
  readonly #isLent: boolean

  /** A line that is lent stays when this connection is disposed of. */
  constructor(access: Access, lent?: Line) {
    this.access = access
    this.#base = new URL(access.server)
    this.#line = lent ?? lineTo(access)
    this.#isLent = lent !== undefined
  }

  /** Asks as somebody else over the same sockets; what they prove by a certificate they go on proving. */
  as(authorization: () => Promise<string | undefined>): Connection {
    return new Connection({ ...this.access, authorization }, this.#line)
  }

  /** The answer's JSON. Throws `StatusError`: the server's refusal, or `ServiceUnavailable` when it could not be asked. */
  async ask<T>(path: string, ask: Ask = {}): Promise<T> {
    const response = await this.open(path, { silenceMs: defaultSilenceMs, ...ask })
    const body = await text(response).catch((error: Error) => {
      throw unreachable(this.access.server, error, ask.signal)
    })
    return readJson<T>(body, `${ask.method ?? 'GET'} ${path}`)
  }

  /** A good answer's beginning; its body comes as it comes. Throws like `ask`. */
  async open(path: string, ask: Ask = {}): Promise<IncomingMessage> {
    ask.signal?.throwIfAborted()
    const headers = await this.headers(ask)
    const { heard } = this.access
    const begin = heard && performance.now()
    const response = await this.#send(path, ask, headers)
    const code = response.statusCode ?? 0
    heard?.({ method: ask.method ?? 'GET', path, code, ms: performance.now() - (begin ?? 0) })
    if (code >= 200 && code < 300) return response
    const said = await text(response).catch((error: Error) => {
      throw unreachable(this.access.server, error, ask.signal)
    })
    throw refusalOf(code, response.headers, said)
  }

  [Symbol.dispose](): void {
    if (!this.#isLent) this.#line.agent.destroy()
  }

  /** Who asks, as a request says it; for those that are made elsewhere. */
  async headers({ accept = 'application/json', body, contentType }: Ask) {
    const { authorization, impersonate, headers = {} } = this.access
    const credential = await authorization?.()
    return {
      ...mutable(headers),
      accept,
      ...(credential !== undefined && { authorization: credential }),
      ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
      ...(impersonate && {
        'impersonate-user': impersonate.user,
        'impersonate-group': [...(impersonate.groups ?? [])],
        ...(impersonate.uid !== undefined && { 'impersonate-uid': impersonate.uid }),
      }),
    }
  }

  #send(
    path: string,
    { method = 'GET', body, signal, silenceMs }: Ask,
    headers: Record<string, string | string[]>,
  ) {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const { send, ...line } = this.#line
    const { hostname, port, pathname } = this.#base
    return new Promise<IncomingMessage>((resolve, reject) => {
      let answer: IncomingMessage | undefined
      const sent = send(
        {
          ...{ ...line, method, hostname: hostname.replace(/^\[|\]$/g, ''), port },
          path: pathname.replace(/\/$/, '') + path,
          ...(signal && { signal }),
          ...(silenceMs !== undefined && { timeout: silenceMs }),
          headers: {
            ...headers,
            ...(payload !== undefined && { 'content-length': Buffer.byteLength(payload) }),
          },
        },
        (response) => {
          answer = response
          resolve(response)
        },
      )
      sent.on('timeout', () => (answer ?? sent).destroy(new Silence(silenceMs ?? 0)))
      sent.on('error', (error) => reject(unreachable(this.access.server, error, signal)))
      sent.end(payload)
    })
  }
}

/** The server has said nothing for longer than was waited for. */
export class Silence extends Error {
  constructor(ms: number) {
    super(`it has said nothing for ${ms / 1000} s`)
  }
}

function mutable(headers: NonNullable<Access['headers']>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]))
}

/** The sockets to a server, and how they are spoken by. */
interface Line {
  readonly agent: Agent | PlainAgent
  readonly send: typeof plainRequest | typeof request
  readonly socketPath?: string
}

function lineTo({ server, socket, ca, cert, key, servername, insecure }: Access): Line {
  const kept = { keepAlive: true, maxFreeSockets: 32 }
  if (socket !== undefined || new URL(server).protocol === 'http:') {
    const plain = { agent: new PlainAgent(kept), send: plainRequest }
    return { ...plain, ...(socket !== undefined && { socketPath: socket }) }
  }
  // What TLS needs is a tenth of the time of a short command, and not every one needs it.
  const https = process.getBuiltinModule('node:https')
  const agent = new https.Agent({
    ...kept,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
  })
  return { agent, send: https.request }
}

/** An abort stays what it is. */
export function unreachable(
  server: string,
  error: Error,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof StatusError) return error
  const why = whyUnreachable(error)
  return new StatusError('ServiceUnavailable', `${server} cannot be reached: ${why}`, {
    cause: error,
  })
}

function whyUnreachable(error: Error): string {
  // Of this the library for TLS tells a page of numbers.
  const isPlain = 'code' in error && error.code === 'EPROTO'
  return isPlain
    ? 'it does not speak HTTPS (to an Argo Server without TLS one speaks with --no-secure, or ARGO_SECURE=false)'
    : error.message
}

function readJson<T>(body: string, what: string): T {
  try {
    return JSON.parse(body) as T
  } catch (error) {
    const start = body.slice(0, 80)
    throw new StatusError('InternalError', `${what} was not answered in JSON but with: ${start}`, {
      cause: error,
    })
  }
}
