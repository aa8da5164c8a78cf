import type { IncomingHttpHeaders } from 'node:http'

/** Tells browsers that pages of these sites may read answers; `*`: of all. argo: --access-control-allow-origin. */
export function allowOriginHeaders(allowed: string): Readonly<Record<string, string>> {
  return { 'Access-Control-Allow-Origin': allowed, ...(allowed !== '*' && { Vary: 'Origin' }) }
}

/** What a browser is told that asks whether a page may send a request; undefined: it asks nothing of the kind. */
export function preflightHeaders(
  method: string | undefined,
  headers: IncomingHttpHeaders,
): Readonly<Record<string, string>> | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
    return undefined
  }
  return {
    'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
    'Access-Control-Allow-Headers': 'authorization, content-type',
    'Access-Control-Max-Age': '600',
  }
}
