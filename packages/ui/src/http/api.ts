/** A refusal by the server, in its own words; with the status 0: it did not answer. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type HearRefusal = (status: number, message: string) => void
let hear: HearRefusal = () => undefined

/** Who is told when the server does not know the reader, or lets him do nothing at all. */
export function onRefusal(listener: HearRefusal): void {
  hear = listener
}

type HearSilence = (isSilent: boolean) => void
let hearSilence: HearSilence = () => undefined

/** Who is told whether the server answers. */
export function onSilence(listener: HearSilence): void {
  hearSilence = listener
}

/** What a proxy says whose server is gone. */
const silent: ReadonlySet<number> = new Set([502, 503, 504])

/** Asks; that nobody answers is a refusal too. */
export async function reach(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(unanswered)
  hearSilence(silent.has(response.status))
  return response
}

/** Throws what it is told of a connection that broke, as a refusal. */
export function unanswered(error: unknown): never {
  // Who has left hears nothing, which is no news.
  if (error instanceof DOMException && error.name === 'AbortError') throw error
  hearSilence(true)
  throw new ApiError(0, 'the server does not answer')
}

/** A refusal, told to whoever listens. */
export function refused(status: number, message: string): ApiError {
  hear(status, message)
  return new ApiError(status, message)
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** Where a path of the API is; relative, so the page's base href decides. */
export function apiPath(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  const search = new URLSearchParams(given).toString()
  return `api/v1/${path}${search && `?${search}`}`
}

/** Path segments, each of them escaped. */
export function segments(...names: readonly string[]): string {
  return names.map(encodeURIComponent).join('/')
}

export async function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return answer<T>(await reach(apiPath(path, query), { signal: signal ?? null }))
}

export async function send<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  query?: Query,
): Promise<T> {
  const init =
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  return answer<T>(await reach(apiPath(path, query), init))
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text().catch(unanswered)
  if (!response.ok) throw refused(response.status, refusal(response, text))
  // What the server says is trusted to have the API's shape: both are one product.
  return (text === '' ? {} : JSON.parse(text)) as T
}

function refusal({ status, statusText }: Response, text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    if (typeof message === 'string' && message !== '') return message
  } catch {
    // Not JSON: a proxy answered.
  }
  return `${status} ${statusText || 'without an explanation'}`
}
