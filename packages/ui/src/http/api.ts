/** A refusal by the server, in its own words. */
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
  return answer<T>(await fetch(apiPath(path, query), { signal: signal ?? null }))
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
  return answer<T>(await fetch(apiPath(path, query), init))
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text()
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
