import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer as createPlainServer, type Server } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import { followDefinitions } from '../definitions/definitions.ts'
import type { Registry } from '../kinds.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { Api } from './api.ts'
import type { ServerCertificate } from './certificates.ts'
import type { Authenticate, Authorize, Identity } from './identity.ts'
import { keepNamespacesFilled } from './namespace-contents.ts'
import { Objects } from './objects.ts'
import type { PodLogs } from './pod-log.ts'
import type { PodStreams } from './pod-streams.ts'
import type { RequestMeter } from './request-meter.ts'
import type { ResourceUsage } from './resource-metrics.ts'
import { upgrade } from './upgrade.ts'
import type { Admit, Guard, PartHandler, PathHandler, Revise, World } from './world.ts'

export interface ApiServerOptions {
  readonly store: Store
  readonly registry: Registry
  readonly clock: Clock
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly tls: ServerCertificate
  /** A path at which programs of the same user are answered without TLS; who they are they prove by tokens all the same. */
  readonly socket?: string
  readonly authenticate: Authenticate
  readonly authorize: Authorize
  readonly podLogs?: PodLogs
  /** exec, attach and port-forward. */
  readonly podStreams?: PodStreams
  /** What `kubectl top` is told; default: that there is no such API. */
  readonly usage?: ResourceUsage
  readonly rulesOf?: (identity: Identity, namespace: string) => Promise<unknown>
  /** By `plural/subresource`, as `serviceaccounts/token` or `pods/exec`. */
  readonly parts?: ReadonlyMap<string, PartHandler>
  readonly paths?: ReadonlyMap<string, PathHandler>
  readonly admit?: readonly Admit[]
  readonly revise?: readonly Revise[]
  readonly webhooks?: Webhooks
  readonly guards?: readonly Guard[]
  /** At least 0, less than 1. */
  readonly random?: () => number
  readonly uid?: () => string
  readonly meter?: RequestMeter
  /** What should not have happened, one line each. */
  readonly log?: (line: string) => void
}

/** The Kubernetes API while it is served. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Where that could be had. */
  readonly socket?: string
}

/** Serves the Kubernetes API over HTTPS. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, registry, clock, random = Math.random, uid = randomUUID } = options
  const life = new AbortController()
  followDefinitions({ store, registry, clock })
  const objects = new Objects({ store, registry, clock, random, uid })
  objects.newNamespace = keepNamespacesFilled(objects, options.tls.ca)
  const world: World = {
    objects,
    clock,
    authenticate: options.authenticate,
    authorize: options.authorize,
    podLogs: options.podLogs,
    podStreams: options.podStreams,
    usage: options.usage,
    rulesOf: options.rulesOf,
    parts: options.parts ?? new Map(),
    paths: options.paths ?? new Map(),
    admit: options.admit ?? [],
    revise: options.revise ?? [],
    webhooks: options.webhooks,
    guards: options.guards ?? [],
    random,
    meter: options.meter,
    log: options.log ?? (() => undefined),
  }
  const api = new Api(world, life.signal)
  const answering = <T extends Server>(server: T): T => {
    server.on('request', (request, response) => api.handle(request, response))
    server.on('upgrade', (request, socket, head) => {
      void upgrade({ request, socket, head, signal: life.signal }, world)
    })
    // Go keeps idle connections for 90 s and does not repeat a write that met a closed one.
    return Object.assign(server, { keepAliveTimeout: 180_000, requestTimeout: 0, timeout: 0 })
  }
  const server = answering(overTls(options))
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  const beside = await listeningAt(options, () => answering(createPlainServer()))
  return {
    ...{ port, url: `https://${host}:${port}` },
    ...(beside && options.socket !== undefined && { socket: options.socket }),
    [Symbol.asyncDispose]: async () => {
      life.abort()
      await Promise.all([closed(server), beside && closed(beside)])
    },
  }
}

function overTls({ tls: { key, cert, ca } }: ApiServerOptions): Server {
  return createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false })
}

/** Undefined where no socket is wanted, or none can be: it only spares time. */
async function listeningAt(
  { socket, log }: ApiServerOptions,
  make: () => Server,
): Promise<Server | undefined> {
  if (socket === undefined) return undefined
  try {
    // Of a server that was killed.
    await rm(socket, { force: true })
    const server = make().listen(socket)
    await once(server, 'listening')
    await chmod(socket, 0o600)
    return server
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log?.(`commands on this machine will ask by TLS: no socket ${socket}: ${why}`)
    return undefined
  }
}

/** How long answers that are being written may take when the server stops. */
const drainMs = 5000

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  await done
  clearTimeout(timer)
}
