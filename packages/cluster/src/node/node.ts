import { copyFile, mkdir } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { allDrivers, type BuiltIns, type DriversFor, executorPrograms } from '@argosy/executor'
import { type Client, type Clock, lookupsIn } from '@argosy/kube'
import { amountsOf, type Capacity } from '@argosy/kube/placement'
import { Addresses } from './addresses.ts'
import { Admission } from './admission.ts'
import type { ApiDoor } from './api-door.ts'
import { openApiRelay } from './api-relay.ts'
import type { ClientFor } from './built-in-run.ts'
import { withBuiltIns } from './built-in-runtime.ts'
import { watchClaims } from './claim-source.ts'
import { Claims } from './claims.ts'
import { consolesOf } from './console.ts'
import type { NameServer } from './dns/name-server.ts'
import { Events } from './events.ts'
import { hiddenPlaces } from './hidden-places.ts'
import type { ImageMap } from './image-map.ts'
import { builtInImages } from './images.table.ts'
import { layoutOf } from './layout.ts'
import { MachineFiles } from './machine-files.ts'
import { ServiceNames } from './names/service-names.ts'
import { followStanding } from './node-standing.ts'
import { watchPods } from './pod-source.ts'
import { PodSupervisor } from './pod-supervisor.ts'
import { ProgressWatch } from './progress-watch.ts'
import { ResolvFiles } from './resolv-files.ts'
import type { Runtime } from './runtime.ts'
import { openStateDir } from './state-dir.ts'
import { StatusWriter } from './status-writer.ts'
import type { World } from './world.ts'

export interface NodeOptions {
  readonly client: Client
  readonly runtime: Runtime
  readonly clock: Clock
  readonly dataDir: string
  readonly nodeName: string
  /** Only pods that a scheduler has given to this node; default: also those that nobody has. */
  readonly boundOnly?: boolean
  /** Files and directories of this machine that containers with its files do not see, beside the data directory. */
  readonly hides?: readonly string[]
  /** With whose rights our own programs in pods speak; default: the node's. */
  readonly clientFor?: ClientFor
  /** Go before the built-in rules. */
  readonly images?: ImageMap
  /** Default: all that the executor has, disk artifacts below `dataDir`. */
  readonly drivers?: DriversFor
  /** What plays containers of the image `argosy`; default: the executor's programs. */
  readonly builtIns?: BuiltIns
  /** Default: the machine's processors and memory. */
  readonly capacity?: Capacity
  /** Pods that may be here at once; default 110, as the kubelet. */
  readonly maxPods?: number
  /** Pods that may be starting at once; default 4 for each processor. */
  readonly maxStarts?: number
  readonly hostIP?: string
  /** Default: programs in pods are told of no API. */
  readonly api?: ApiDoor
  /** How long a status may wait for a better one; default 20 ms. */
  readonly statusDelayMs?: number
  /** Told why pods have no name server; without it nobody tries to be one. */
  readonly onNoNameServer?: (why: string) => void
  /** Told where the pods' name server answers, or that there is none. */
  readonly onNameServer?: (host: string | undefined) => Promise<void>
  /** Told of what should not happen: a pod's worker that failed. Default: nobody. */
  readonly onError?: (error: unknown) => void
}

/** A small kubelet: takes pods that nobody has, and runs them here. What runs outlives it and is adopted by the next one. */
export type Node = AsyncDisposable

export async function startNode(options: NodeOptions): Promise<Node> {
  const life = new AbortController()
  const { supervisor, world } = await build(options, life.signal)
  await options.onNameServer?.(world.nameServer?.host)
  const source = sourceOf(options, world)
  const standing = options.boundOnly ? ofNoMatter : followStanding(source, supervisor, life.signal)
  const done = Promise.all([
    world.names.run(life.signal),
    standing.done,
    standing.known.then(() => watchPods(source, supervisor, life.signal)),
    watchClaims(world.claims, source, life.signal),
  ])
  return {
    async [Symbol.asyncDispose]() {
      life.abort()
      world.admission.close()
      await done
      await supervisor.settled()
      await Promise.allSettled(world.closing)
      await world.relay?.[Symbol.asyncDispose]()
      await world.nameServer?.[Symbol.asyncDispose]()
    },
  }
}

function sourceOf({ client, clock, nodeName, boundOnly }: NodeOptions, { warn }: World) {
  return { client, clock, warn, nodeName, ...(boundOnly && { boundTo: nodeName }) }
}

/** To a node that gets its pods from a scheduler. */
const ofNoMatter = { known: Promise.resolve(), done: Promise.resolve() }

async function build(options: NodeOptions, signal: AbortSignal) {
  const { client, clock, runtime, nodeName, clientFor = () => client } = options
  const layout = layoutOf(options.dataDir)
  for (const path of [layout.pods, layout.scratch, layout.logs, layout.hosts])
    await mkdir(path, { recursive: true })
  await openStateDir(options.dataDir)
  await bringImageFiles(layout.images)
  const capacity = options.capacity ?? { cpu: cpus().length, memory: totalmem() }
  const amounts = amountsOf(capacity)
  const hostIP = options.hostIP ?? '127.0.0.1'
  // The supervisor and the admission need each other; both are told before the first pod comes.
  const late: { supervisor?: PodSupervisor } = {}
  const drivers = options.drivers ?? allDrivers({ root: layout.artifacts, client })
  const builtIns = options.builtIns ?? executorPrograms()
  const names = namesOf(options)
  const world: World = {
    client,
    runtime: withBuiltIns(runtime, {
      ...{ builtIns, clientFor, clock, drivers, signal },
      lookup: lookupsIn(client),
    }),
    clock,
    dataDir: options.dataDir,
    layout,
    images: rulesOf(options),
    claims: new Claims(client, layout.claims, options.boundOnly ? nodeName : undefined),
    drivers,
    events: new Events(client, clock, nodeName),
    statuses: new StatusWriter(clock, options.statusDelayMs ?? 20, signal),
    admission: new Admission({
      capacity: amounts,
      pods: options.maxPods ?? 110,
      starts: options.maxStarts ?? 4 * cpus().length,
      start: (uid) => late.supervisor?.start(uid),
      unschedulable: (uid, message) => late.supervisor?.unschedulable(uid, message),
    }),
    // Elsewhere only 127.0.0.1 is there.
    addresses: new Addresses(process.platform === 'linux' ? undefined : hostIP),
    names,
    machine: new MachineFiles(clock),
    resolvFiles: new ResolvFiles(layout.names),
    nameServer: await nameServerOf(options, names),
    progress: new ProgressWatch(),
    consoles: consolesOf(runtime),
    host: {
      nodeName,
      hostIP,
      allocatable: Object.fromEntries(
        Object.entries(amounts).map(([name, amount]) => [name, amount / 1000]),
      ),
    },
    api: options.api,
    relay: await openApiRelay(options.api, runtime.networks?.gateway),
    hidden: runtime.name === 'sandbox' ? await hiddenPlaces(options) : [],
    signal,
    warn: options.onError ?? (() => undefined),
    closing: new Set(),
  }
  const supervisor = new PodSupervisor(world, world.warn)
  late.supervisor = supervisor
  return { supervisor, world }
}

function namesOf({ client, clock, runtime, dataDir, onError }: NodeOptions): ServiceNames {
  return new ServiceNames({
    ...{ client, clock, sharedPath: layoutOf(dataDir).hostsOf },
    // In networks of their own pods have other loopbacks than the machine.
    isReachable: (ip) => !runtime.networks || !ip.startsWith('127.'),
    onError: onError ?? (() => undefined),
  })
}

/** Only what runs in sandboxes can be told to ask it. */
async function nameServerOf(
  { runtime, dataDir, onNoNameServer: log }: NodeOptions,
  names: ServiceNames,
): Promise<NameServer | undefined> {
  if (!log || runtime.name !== 'sandbox') return undefined
  const { openNameServer } = await import('./dns/open-name-server.ts')
  return openNameServer({ dataDir, named: () => names.named, log })
}

/** What plays an image for want of it has no place where images are. */
function rulesOf({ images = [], runtime }: NodeOptions): ImageMap {
  return runtime.images ? images : [...images, ...builtInImages]
}

/** Copies what built-in images bring along to where every runtime can mount it. */
async function bringImageFiles(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const name of new Set(builtInImages.flatMap(({ files }) => Object.values(files ?? {})))) {
    await copyFile(new URL(`images/${name}`, import.meta.url), join(dir, name))
  }
}
