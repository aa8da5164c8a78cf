import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@argosy/kube'
import { answerRequests } from './answer-requests.ts'
import { apiRoutes } from './api-routes.ts'
import type { Gate } from './auth/caller.ts'
import { sessionRoutes } from './auth/session-routes.ts'
import { ssoRoutes } from './auth/sso/sso-routes.ts'
import { withinNamespace } from './auth/within-namespace.ts'
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
  /** Who may show our pages in theirs: X-Frame-Options; '': nothing is said; default DENY. */
  readonly frameOptions?: string
  /** The site whose pages may ask this server, `*`: all. */
  readonly allowOrigin?: string
  /** So many requests per second of one address are answered; default: all. */
  readonly rateLimit?: number
  /** Told of every answer when it has ended. */
  readonly observe?: (served: Served) => void
}

/** A request that has been answered. */
export interface Served {
  readonly method: string
  /** Of the endpoint, with names in braces; '': there is none. */
  readonly route: string
  readonly url: string
  readonly code: number
  readonly ms: number
}

export interface ArgoServer extends AsyncDisposable {
  /** With the base path, without a slash at its end. */
  readonly url: string
}

/** Argo Server's REST API, and what else is served beside it. */
export async function startArgoServer(given: ArgoServerOptions): Promise<ArgoServer> {
  const { managedNamespace } = given
  const options =
    managedNamespace === undefined
      ? given
      : { ...given, authorize: withinNamespace(given.authorize, managedNamespace) }
  const base = (options.baseHref ?? '/').replace(/\/+$/, '')
  const life = new AbortController()
  const logSearch = new LogSearch()
  const { uiDirectory, modes, frameOptions = 'DENY' } = options
  const ui =
    uiDirectory === undefined
      ? []
      : uiRoutes({
          ...{ directory: uiDirectory, base, modes, frameOptions },
          ...(managedNamespace !== undefined && { managedNamespace }),
        })
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
  const answer = answerRequests(options, { base, life: life.signal, routes })
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
