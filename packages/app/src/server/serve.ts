import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import {
  argoDefinitions,
  openAccess,
  requestSigner,
  serverCertificate,
  startApiServer,
} from '@argosy/cluster/api-server'
import type { KubeObject } from '@argosy/engine'
import { type Client, ignore, type Resource, resources, systemClock } from '@argosy/kube'
import { Connection } from '@argosy/kube/remote'
import type { Served } from '@argosy/server'
import { mountsTokens, openEmbedded } from '../embedded.ts'
import type { RuntimeChoice } from '../node/choose-runtime.ts'
import { type LogFormat, logLines } from '../output/log-lines.ts'
import { readImages } from '../run/prepare.ts'
import { untilEnded } from '../run/until-ended.ts'
import { version } from '../version.ts'
import { announceArgo } from './announce-argo.ts'
import { type ArgoServerChoices, builtUi, serveArgo } from './argo-server.ts'
import { keepArgoService } from './argo-service.ts'
import { atPort } from './at-port.ts'
import { instanceOf } from './instance-of.ts'
import { keepServicePorts } from './keep-service-ports.ts'
import { adminToken, writeKubeconfig } from './kubeconfig.ts'
import { keepKubernetesService } from './kubernetes-service.ts'
import { nodeKubeconfig, writeNodeKubeconfig } from './node-kubeconfig.ts'
import { keepNodes, podDoors } from './nodes.ts'
import { ownPodAccess } from './own-pod-access.ts'
import { ServerMeters } from './server-meters.ts'
import { serverMetrics } from './server-metrics.ts'
import { startBuiltInControllers } from './start-built-in-controllers.ts'
import { waitForRoom } from './wait-for-room.ts'
import { warnOfOpenness } from './warn-of-openness.ts'

export interface ServeOptions extends ArgoServerChoices {
  readonly dataDir: string
  readonly port: number
  readonly runtime: RuntimeChoice
  readonly images?: string
  /** Where scrapers read metrics without a token. */
  readonly metricsPort?: number
  /** False: others act in their place, over the API; for Workflows `argosy controller`, or upstream's. */
  readonly controllers: boolean
  /** False: `argosy node` runs the pods. */
  readonly node: boolean
  readonly maxPods: number
  readonly artifactsDir?: string
  readonly logFormat: LogFormat
  readonly loglevel: 'debug' | 'info'
}

interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

/** Serves until somebody ends it; resolves to the exit code. */
export async function serve(options: ServeOptions, { stdout, stderr }: Streams): Promise<number> {
  const log = logLines(stderr, options.logFormat, Date.now)
  const dataDir = resolve(options.dataDir)
  return untilEnded(stderr, async ({ stop, stopped }) => {
    const images = await readImages(options.images)
    const { controllers, runtime, node, artifactsDir, maxPods } = options
    const meters = new ServerMeters()
    await using embedded = await openEmbedded({
      ...{ meters, onFull: waitForRoom({ dataDir, clock: systemClock, log, stop }) },
      ...{ dataDir, images, log, runtime, controllers, node, maxPods, accounts: true },
      ...(artifactsDir && { artifactsDir }),
    })
    if (embedded.fallback) log(embedded.fallback)
    await warnOfOpenness(embedded, log)
    const { store, registry, clock, client } = embedded
    await ensureObjects(client)
    const tls = await serverCertificate(join(dataDir, 'pki'), hostsOf(options.host), clock.now())
    const token = await adminToken(dataDir)
    const access = await openAccess({
      ...{ store, client, clock, log, adminToken: token, ca: tls.ca },
      folder: join(dataDir, 'pki'),
      mountsTokens: mountsTokens(runtime, embedded.runtime),
    })
    const doors = { ...access, tls, log }
    await using _controllers = options.controllers
      ? startBuiltInControllers({
          ...{ client, clock, log, meters: meters.queues },
          sign: requestSigner(join(dataDir, 'pki')),
        })
      : undefined
    const means = { client, clock, log, meters: meters.queues }
    await using _ports = keepServicePorts(options, means)
    await using _nodes = await keepNodes(embedded, { log, maxPods })
    const pods = await podDoors(embedded, log)
    const { host, port } = options
    const served = {
      ...{ store, registry, clock, ...doors, host, port, meter: meters.requests },
      socket: join(dataDir, 'api.sock'),
      paths: new Map([...access.paths, ['/metrics', meters.answer]]),
      ...{ podLogs: pods.logs, podStreams: pods.streams, ...(pods.usage && { usage: pods.usage }) },
    }
    await using api = await atPort('--port', startApiServer(served))
    const url = reachable(api.url, host)
    const place = { url, ca: tls.ca, socket: api.socket }
    using connection = new Connection({ ...place, server: url })
    // Programs in pods are told where the API is: it has to be somewhere by then.
    const instance = await instanceOf(client, options.instanceid)
    await embedded.start(ownPodAccess(embedded, { connection, token: access.podToken }), instance)
    await keepKubernetesService(client, url)
    const path = await writeKubeconfig(dataDir, place, token)
    if (!node) await writeNodeKubeconfig(dataDir, { ...place, name: hostname() })
    const { logs } = pods
    const about = { ...options, version: version(), log, meters, instance }
    await using metrics = await atPort('--metrics-port', serverMetrics(embedded, about))
    const more = {
      ...{ ...doors, logs, metrics: metrics.text, version: about.version, instance },
      observe: observing(meters, options.loglevel === 'debug' ? log : undefined),
    }
    await using argo = await atPort('--http-port', serveArgo(embedded, options, more))
    const argoUrl = reachable(argo.url, host)
    await announceArgo(client, argoUrl)
    await using _service = keepArgoService({ client, clock, log, url: argoUrl })
    stdout.write(readyText({ url: api.url, argoUrl, path, pages: await pagesText() }))
    if (!node) stdout.write(waitingText(join(dataDir, nodeKubeconfig)))
    await stopped()
    log('stopping: answering what was asked; steps that run go on')
  })
}

interface Ready {
  readonly url: string
  readonly argoUrl: string
  /** Of the kubeconfig. */
  readonly path: string
  /** What a browser finds there. */
  readonly pages: string
}

function readyText({ url, argoUrl, path, pages }: Ready): string {
  return `argosy is ready at ${url}\n\n  export KUBECONFIG=${path}\n\nArgo's API is at ${argoUrl}\n${pages}\n\n`
}

async function pagesText(): Promise<string> {
  return (await builtUi())
    ? 'Open it in a browser to see what runs'
    : 'Its pages are not built yet: npm run build -w packages/ui'
}

function waitingText(kubeconfig: string): string {
  return `Pods wait for a node:\n\n  argosy node --kubeconfig ${kubeconfig}\n\n`
}

/** Counts what Argo's API has answered, and tells of it where that is wanted. */
function observing(
  { argoRequests }: ServerMeters,
  log: ReturnType<typeof logLines> | undefined,
): (served: Served) => void {
  return (served) => {
    argoRequests.observe(served)
    const { method, url, code, ms } = served
    log?.(`${method} ${url.replace(/\?.*/, '')}: ${code} after ${ms} ms`, 'debug')
  }
}

const everywhere = ['0.0.0.0', '::']

function hostsOf(host: string): readonly string[] {
  return everywhere.includes(host) ? [] : [host]
}

/** Who listens everywhere is reached from here by the loopback. */
function reachable(url: string, host: string): string {
  if (!everywhere.includes(host)) return url
  return url.replace(host === '::' ? '[::]' : host, '127.0.0.1')
}

const bootNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'argo']

/** What every server has, unless somebody made something else of it. */
async function ensureObjects(client: Client): Promise<void> {
  const ensure = (resource: Resource, object: KubeObject) =>
    client.create(resource, object).catch(ignore('AlreadyExists'))
  const namespaces = bootNamespaces.map((name) =>
    ensure(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  )
  const definitions = argoDefinitions.map((one) => ensure(resources.customResourceDefinitions, one))
  const classes = systemClasses.map((one) => ensure(resources.priorityClasses, one))
  await Promise.all([...namespaces, ...definitions, ...classes])
}

/** What every Kubernetes has, and what charts name. */
const systemClasses = Object.entries({
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}).map(([name, value]) => {
  const object = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } }
  return { ...object, value, preemptionPolicy: 'PreemptLowerPriority' }
})
