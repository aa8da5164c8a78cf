import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@argosy/kube'
import { apiRoutes } from './api-routes.ts'
import { admit } from './auth/admit.ts'
import type { Gate } from './auth/caller.ts'
import { sessionRoutes } from './auth/session-routes.ts'
import { ssoRoutes } from './auth/sso/sso-routes.ts'
import { apiErrorOf } from './http/api-error.ts'
import type { Call } from './http/call.ts'
import { bodyOnce, jsonBody } from './http/read-body.ts'
import { type Route, router } from './http/router.ts'
import { refuseOtherSites } from './http/same-site.ts'
import { writeError, writeReply } from './http/write-reply.ts'
import { metricsRoutes } from './info/metrics-routes.ts'
import { openApiRoutes } from './openapi/openapi-routes.ts'
import { uiRoutes } from './ui/ui-routes.ts'
import { LogSearch } from './workflows/search/log-search.ts'
import type { World } from './world.ts'

export interface ArgoServerOptions extends World, Gate {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Without it plain HTTP is spoken. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Whether browsers are told to come by TLS only, where TLS is spoken; default true. */
  readonly hsts?: boolean
  /** `/argo/`: everything is below it. */
  readonly baseHref?: string
  /** What scrapers read at /metrics. */
  readonly metrics?: () => string
  /** Whether they need no token; default false. */
  readonly openMetrics?: boolean
  /** Where the built UI is, if it is. */
  readonly uiDirectory?: string
}

export interface ArgoServer extends AsyncDisposable {
  /** With the base path, without a slash at its end. */
  readonly url: string
}

/** Argo Server's REST API, and what else is served beside it. */
export async function startArgoServer(options: ArgoServerOptions): Promise<ArgoServer> {
  const base = (options.baseHref ?? '/').replace(/\/+$/, '')
  const life = new AbortController()
  const logSearch = new LogSearch()
  const { uiDirectory, modes } = options
  const ui = uiDirectory === undefined ? [] : uiRoutes({ directory: uiDirectory, base, modes })
  const doors = { base, secure: options.tls !== undefined }
  const { sso, clock, log } = options
  const routes = [
    ...apiRoutes({ ...options, logSearch }),
    ...openApiRoutes({ version: options.version, base }),
    ...metricsRoutes(options.metrics, options.openMetrics ?? false),
    ...sessionRoutes(options, doors),
    ...(sso ? ssoRoutes({ ...doors, sso, clock, log }) : []),
    ...ui,
  ]
  const answer = answerer(options, { base, life: life.signal, routes })
  const { tls } = options
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)
  server.requestTimeout = 0
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${port}${base}`,
    [Symbol.asyncDispose]: async () => {
      life.abort()
      await closed(server, options.clock)
      await logSearch[Symbol.asyncDispose]()
    },
  }
}

interface Life {
  readonly base: string
  readonly life: AbortSignal
  readonly routes: readonly Route[]
}

const mostBody = 100 * 1024 * 1024

function answerer(options: ArgoServerOptions, { base, life, routes }: Life) {
  const find = router(routes)
  const open = options.modes.includes('server')
  const strict = options.tls !== undefined && options.hsts !== false

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ) => {
    const [whole = '', ...search] = (request.url ?? '').split('?')
    const path = whole.startsWith(`${base}/`) ? whole.slice(base.length) : whole
    refuseOtherSites(request.headers, { open })
    const { route, params } = find(request.method ?? 'GET', path)
    const query = new URLSearchParams(search.join('?'))
    const bytes = bodyOnce(request)
    const caller = await admit(
      { route, params, query, headers: request.headers, bytes, signal },
      options,
    )
    const call: Call = {
      ...{ path, params, query, caller, signal, request, bytes },
      headers: request.headers,
      body: async () => jsonBody(await bytes(mostBody)),
    }
    const reply = await route.handle(call)
    if (!route.isPublic) response.setHeader('Argo-Version', `v${options.version}`)
    const surprised = (error: unknown) => log(request, error)
    await writeReply(request, response, reply, { clock: options.clock, signal, surprised })
  }
  const log = ({ method, url }: IncomingMessage, error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    options.log(`${method} ${url}: ${what}`)
  }
  return (request: IncomingMessage, response: ServerResponse): void => {
    const left = new AbortController()
    const stop = () => left.abort()
    response.on('close', stop)
    life.addEventListener('abort', stop)
    response.setHeader('X-Frame-Options', 'DENY')
    if (strict) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
    answer(request, response, left.signal)
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

/** How long answers that are being written may take when the server stops. */
const drainMs = 2000

async function closed(server: Server, clock: Clock): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const ended = new AbortController()
  const late = clock.until(clock.now() + drainMs, ended.signal).then(
    () => server.closeAllConnections(),
    () => undefined,
  )
  await done
  ended.abort()
  await late
}
