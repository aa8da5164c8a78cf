import { ApiError, invalid } from './api-error.ts'
import type { Call } from './call.ts'
import type { Reply } from './reply.ts'

export type Handle = (call: Call) => Promise<Reply>

/** `path` is as in upstream's API: `/api/v1/workflows/{namespace}/{name}`; a last `{rest...}` takes what is left. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly handle: Handle
  /** For everybody, without a token. */
  readonly isPublic?: boolean
  /** Whoever signs as a webhook client needs no token. */
  readonly takesWebhooks?: boolean
}

/** The route that a request means, and what stands in its path for names. */
export interface Found {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/**
 * Finds what a method and a path mean; words win over names. Throws `Unimplemented`, as grpc-gateway, and
 * `MethodNotAllowed` for what is there by another method.
 */
export function router(routes: readonly Route[]): (method: string, path: string) => Found {
  const known = routes.map((route) => ({ route, pattern: route.path.split('/') }))
  known.sort((a, b) => inOrder(a.pattern, b.pattern))
  return (method, path) => {
    const segments = path.split('/')
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const { route, pattern } of known) {
      if (route.method !== wanted) continue
      const params = match(pattern, segments)
      if (params) return { route, params }
    }
    const isThere = known.some(({ pattern }) => !isRest(pattern) && match(pattern, segments))
    throw new ApiError(
      isThere ? 'MethodNotAllowed' : 'Unimplemented',
      `Not Implemented: there is no ${method} ${path}`,
    )
  }
}

/** What takes every path says nothing of this one. */
function isRest(pattern: readonly string[]): boolean {
  return pattern.length === 2 && takesRest(pattern)
}

/** Words before names, and what takes the rest of a path last: the longer of those first. */
function inOrder(a: readonly string[], b: readonly string[]): number {
  const [restA, restB] = [takesRest(a), takesRest(b)]
  if (restA !== restB) return restA ? 1 : -1
  if (restA && a.length !== b.length) return b.length - a.length
  return namesIn(a) - namesIn(b)
}

function takesRest(pattern: readonly string[]): boolean {
  return pattern.at(-1)?.endsWith('...}') ?? false
}

function namesIn(pattern: readonly string[]): number {
  return pattern.filter((segment) => segment.startsWith('{')).length
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const given = folded(pattern, segments)
  if (given.length !== pattern.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, segment] of pattern.entries()) {
    const own = given[at] ?? ''
    const name = /^\{(\w+)/.exec(segment)?.[1]
    if (name !== undefined) params[name] = own.split('/').map(decoded).join('/')
    else if (segment !== own) return undefined
  }
  return params
}

/** What is left of the path is one segment where the pattern takes it so. */
function folded(pattern: readonly string[], segments: readonly string[]): readonly string[] {
  if (!takesRest(pattern) || segments.length < pattern.length) return segments
  const last = pattern.length - 1
  return [...segments.slice(0, last), segments.slice(last).join('/')]
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw invalid(`the path has a segment that is not URL-encoded: ${JSON.stringify(segment)}`)
  }
}
