import type { IncomingMessage, ServerResponse } from 'node:http'
import { admit } from './auth/admit.ts'
import { ApiError, apiErrorOf } from './http/api-error.ts'
import type { Call } from './http/call.ts'
import { allowOriginHeaders, preflightHeaders } from './http/cross-origin.ts'
import { RateLimit } from './http/rate-limit.ts'
import { bodyOnce, jsonBody } from './http/read-body.ts'
import { type Found, type Route, router } from './http/router.ts'
import { refuseOtherSites } from './http/same-site.ts'
import { writeError, writeReply } from './http/write-reply.ts'
import type { ArgoServerOptions } from './start-argo-server.ts'

export interface Life {
  readonly base: string
  readonly life: AbortSignal
  readonly routes: readonly Route[]
}

/** A request while it is answered. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Aborts when the asker has left, or the server stops. */
  readonly signal: AbortSignal
  /** Set as soon as it is known. */
  route: string
}

const mostBody = 100 * 1024 * 1024

/** What the server does with each request: who may ask, what is meant, the answer or the error. */
export function answerRequests(options: ArgoServerOptions, { base, life, routes }: Life) {
  const find = router(routes)
  const admitted = gateOf(options)
  const standing = standingHeaders(options)

  const answer = async (exchange: Exchange) => {
    const { request, response } = exchange
    if (!admitted(request, response)) return
    const [whole = '', ...search] = (request.url ?? '').split('?')
    const path = whole.startsWith(`${base}/`) ? whole.slice(base.length) : whole
    const found = find(request.method ?? 'GET', path)
    exchange.route = found.route.path
    await handle(options, exchange, {
      ...{ found, path, query: new URLSearchParams(search.join('?')) },
      surprised: (error) => log(request, error),
    })
  }
  const log = ({ method, url }: IncomingMessage, error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    options.log(`${method} ${url}: ${what}`)
  }
  return (request: IncomingMessage, response: ServerResponse): void => {
    const left = new AbortController()
    const stop = () => left.abort()
    const exchange: Exchange = { request, response, signal: left.signal, route: '' }
    response.on('close', stop)
    if (options.observe) observing(options, exchange)
    life.addEventListener('abort', stop)
    for (const [name, value] of standing) response.setHeader(name, value)
    answer(exchange)
      .catch((error: unknown) => {
        if (response.destroyed) return
        writeError(
          response,
          apiErrorOf(error, (odd) => log(request, odd)),
        )
      })
      .finally(() => {
        life.removeEventListener('abort', stop)
        // A body that nobody wanted must not stand in the way of the next request.
        request.resume()
      })
  }
}

interface Meant {
  readonly found: Found
  readonly path: string
  readonly query: URLSearchParams
  readonly surprised: (error: unknown) => void
}

async function handle(
  options: ArgoServerOptions,
  { request, response, signal }: Exchange,
  { found: { route, params }, path, query, surprised }: Meant,
): Promise<void> {
  const { headers } = request
  const bytes = bodyOnce(request)
  const caller = await admit({ route, params, query, headers, bytes, signal }, options)
  const call: Call = {
    ...{ path, params, query, caller, signal, request, bytes, headers },
    body: async () => jsonBody(await bytes(mostBody)),
  }
  const reply = await route.handle(call)
  if (!route.isPublic) response.setHeader('Argo-Version', `v${options.version}`)
  await writeReply(request, response, reply, { clock: options.clock, signal, surprised })
}

/** What every answer says. */
function standingHeaders(options: ArgoServerOptions): readonly (readonly [string, string])[] {
  const { tls, hsts, frameOptions = 'DENY', allowOrigin } = options
  return Object.entries({
    ...(frameOptions !== '' && { 'X-Frame-Options': frameOptions }),
    ...(tls !== undefined && hsts !== false && { 'Strict-Transport-Security': 'max-age=31536000' }),
    ...(allowOrigin !== undefined && allowOriginHeaders(allowOrigin)),
  })
}

/** Throws for who may not ask at all; false: it has been answered already. */
function gateOf({ modes, allowOrigin, rateLimit, clock }: ArgoServerOptions) {
  const rules = {
    open: modes.includes('server'),
    ...(allowOrigin !== undefined && { allowOrigin }),
  }
  const limit = rateLimit === undefined ? undefined : new RateLimit(rateLimit)
  return ({ method, headers, socket }: IncomingMessage, response: ServerResponse): boolean => {
    if (limit?.take(socket.remoteAddress ?? '', clock.now()) === false) {
      response.setHeader('Retry-After', '1')
      const most = `${rateLimit} requests per second`
      throw new ApiError('ResourceExhausted', `one address is answered ${most}: try again`)
    }
    refuseOtherSites(headers, rules)
    const preflight = allowOrigin === undefined ? undefined : preflightHeaders(method, headers)
    if (preflight) response.writeHead(204, preflight).end()
    return preflight === undefined
  }
}

function observing({ observe, clock }: ArgoServerOptions, exchange: Exchange): void {
  const { request, response } = exchange
  const begin = clock.now()
  response.on('close', () => {
    observe?.({
      ...{ method: request.method ?? 'GET', route: exchange.route, url: request.url ?? '' },
      ...{ code: response.statusCode, ms: clock.now() - begin },
    })
  })
}
