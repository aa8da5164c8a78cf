import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

/** A Docker Engine, spoken to over its unix socket. */
export interface Engine {
  readonly socket: string
  /** Of the engine, as `20.10.24`. */
  readonly version: string
  /** As Go names it: `amd64`, `arm64`. */
  readonly arch: string
  /** Of its API. */
  readonly apiVersion: string
  /** Others that speak its API look now and then whether a container has ended, and may overlook an end. */
  readonly isDockers: boolean
  /** True when whoever opened it is done with it: what was asked then gets no answer. */
  readonly isClosed: boolean
  /** The answer's JSON, undefined when there is none. Throws `EngineError`. */
  json<T>(call: Call): Promise<T | undefined>
  /** The answer as it comes. */
  stream(call: Call): Promise<IncomingMessage>
  /** The connection itself, for programs that are spoken with. */
  hijack(call: Call): Promise<Hijacked>
  /** Waits before it is asked again. */
  pause(ms: number): Promise<unknown>
  close(): void
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'HEAD' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  /** Instead of `body`. */
  readonly upload?: Readable | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface Hijacked {
  readonly socket: Socket
  /** What came together with the answer. */
  readonly head: Buffer
}

/** What the engine refused; `status` 0: it did not answer at all. */
export class EngineError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'EngineError'
    this.status = status
  }
}

/** The newest of its API that this program was written for. */
const newestApi = '1.51'

/** Throws an `EngineError` that names the socket when no engine answers there. */
export async function openEngine(socket: string, pause: Engine['pause'] = delay): Promise<Engine> {
  const connection = new Connection(socket, pause)
  const signal = AbortSignal.timeout(10_000)
  const facts = await connection.json<Facts>({ path: '/version', signal }).catch((error) => {
    connection.close()
    throw error
  })
  const { ApiVersion = newestApi, Version = '?', Arch = 'amd64', Components } = facts ?? {}
  connection.apiVersion = isOlder(newestApi, ApiVersion) ? newestApi : ApiVersion
  connection.version = Version
  connection.arch = Arch
  connection.isDockers = Components?.some(({ Name }) => Name === 'Engine') === true
  return connection
}

interface Facts {
  readonly Version?: string
  readonly ApiVersion?: string
  readonly Arch?: string
  readonly Components?: readonly { readonly Name?: string }[] | null
}

/** `1.9` is older than `1.41`. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number))
  for (const [index, number] of (left ?? []).entries()) {
    const other = right?.[index] ?? 0
    if (number !== other) return number < other
  }
  return false
}

class Connection implements Engine {
  readonly socket: string
  readonly pause: Engine['pause']
  version = ''
  arch = ''
  isDockers = false
  apiVersion = ''
  isClosed = false
  readonly #agent = new Agent({ keepAlive: true })

  constructor(socket: string, pause: Engine['pause']) {
    this.socket = socket
    this.pause = pause
  }

  async json<T>(call: Call): Promise<T | undefined> {
    const answer = await this.stream(call)
    // It may end in the middle of what it says.
    const body = await text(answer).catch((error: unknown) => {
      throw this.#silence(error)
    })
    return body === '' ? undefined : (JSON.parse(body) as T)
  }

  async stream(call: Call): Promise<IncomingMessage> {
    return this.#answered(await this.#send(call))
  }

  async hijack(call: Call): Promise<Hijacked> {
    const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' }
    const asked = this.#request({ ...call, headers: { ...call.headers, ...upgrade } }, false)
    return new Promise<Hijacked>((resolve, reject) => {
      asked.on('upgrade', (_, socket: Socket, head) => {
        // Whoever reads hears of it; nobody has to read.
        socket.on('error', () => undefined)
        resolve({ socket, head })
      })
      asked.on('error', (error) => reject(this.#silence(error)))
      asked.on('response', (answer) => {
        // An engine that hijacks without saying so cannot be told from one that refuses.
        this.#answered(answer).then((refused) => {
          refused.resume()
          reject(new EngineError(500, `the engine at ${this.socket} does not hand the stream over`))
        }, reject)
      })
      send(asked, call)
    })
  }

  close(): void {
    this.isClosed = true
    this.#agent.destroy()
  }

  /** A connection that was kept may have been closed meanwhile: then the call is made once more. */
  async #send(call: Call): Promise<IncomingMessage> {
    const asked = this.#request(call, true)
    try {
      return await heard(asked, call)
    } catch (error) {
      const again = asked.reusedSocket && !this.isClosed && !call.signal?.aborted && !call.upload
      if (!again) throw this.#silence(error)
      return heard(this.#request(call, false), call).catch((failed) => {
        throw this.#silence(failed)
      })
    }
  }

  #request(call: Call, mayReuse: boolean): ClientRequest {
    const { method = 'GET', path, headers, body, signal } = call
    const prefix = this.apiVersion === '' ? '' : `/v${this.apiVersion}`
    return request({
      socketPath: this.socket,
      agent: mayReuse ? this.#agent : false,
      method,
      path: `${prefix}${path}${queryOf(call.query)}`,
      headers: {
        Host: 'docker',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(signal && { signal }),
    })
  }

  async #answered(answer: IncomingMessage): Promise<IncomingMessage> {
    const { statusCode = 500, statusMessage = '' } = answer
    if (statusCode < 400) return answer
    const said = await text(answer)
    throw new EngineError(statusCode, messageOf(said) || statusMessage)
  }

  #silence(error: unknown): Error {
    const why = error instanceof Error ? error.message : String(error)
    return new EngineError(
      0,
      `the Docker Engine does not answer at ${this.socket} (${why}): ` +
        'start it, or set DOCKER_HOST to the socket of one that runs',
    )
  }
}

function send(asked: ClientRequest, { body, upload }: Call): void {
  if (upload === undefined) asked.end(body === undefined ? undefined : JSON.stringify(body))
  else if (Buffer.isBuffer(upload)) asked.end(upload)
  else {
    upload.on('error', (error) => asked.destroy(error))
    upload.pipe(asked)
  }
}

function heard(asked: ClientRequest, call: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', resolve)
    asked.on('error', reject)
    send(asked, call)
  })
}

function queryOf(query: Call['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

function messageOf(said: string): string {
  try {
    const { message } = JSON.parse(said) as { message?: unknown }
    return typeof message === 'string' ? message : said.trim()
  } catch {
    return said.trim()
  }
}
