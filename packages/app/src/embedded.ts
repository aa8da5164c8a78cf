import { hostname } from 'node:os'
import { resolve } from 'node:path'
import {
  admitCountedPod,
  builtInImages,
  checkPod,
  type ImageMap,
  layoutOf,
  localClient,
  type Registry,
  type Runtime,
  registry,
  Store,
  type StoreOptions,
  startNode,
} from '@argosy/cluster'
import type { KubeObject } from '@argosy/engine'
import { allDrivers, type DriversFor, driverOf, executorPrograms } from '@argosy/executor'
import { type Client, type Clock, systemClock } from '@argosy/kube'
import { CustomMetrics, type Deleter } from '@argosy/operators'
import { startControllers } from './controllers.ts'
import { idleKinds } from './idle-kinds.ts'
import { chooseRuntime, type RuntimeChoice } from './node/choose-runtime.ts'
import type { EarlyRuntime } from './node/early-runtime.ts'
import type { PodAccess } from './node/pod-access.ts'
import { keepNameService } from './server/name-service.ts'
import type { ServerMeters } from './server/server-meters.ts'
import { startAll } from './start-all.ts'
import { removeDataDir, sweeping, temporaryFolder } from './sweep.ts'

export interface EmbeddedOptions {
  /** Kept, and taken up again; without it everything lives in a temporary folder and goes at the end. */
  readonly dataDir?: string
  readonly runtime?: RuntimeChoice
  /** The same, which is being made ready already. */
  readonly early?: EarlyRuntime | undefined
  /** Rules before the built-in ones. */
  readonly images?: ImageMap
  readonly clock?: Clock
  /** Pods get ServiceAccounts and their tokens: there is an API server to show them to. */
  readonly accounts?: boolean
  /** What pods may ask for; default: what the machine has. */
  readonly capacity?: { readonly cpu: number; readonly memory: number }
  /** False: somebody else controls the workflows, over the API. */
  readonly controllers?: boolean
  /** False: nodes in processes of their own run the pods, over the API. */
  readonly node?: boolean
  /** Pods that may be here at once; default 110. */
  readonly maxPods?: number
  /** Where the disk driver keeps artifacts; default: in the data directory. */
  readonly artifactsDir?: string
  /** What should not have happened, one line each. */
  readonly log?: (line: string) => void
  /** Default: on a full disk this process ends. */
  readonly onFull?: StoreOptions['onFull']
  /** What counts the work of the store and of the controllers. */
  readonly meters?: Pick<ServerMeters, 'queues' | 'committed'>
}

/** One machine playing Kubernetes and Argo, inside this process. */
export interface Embedded extends AsyncDisposable {
  readonly store: Store
  readonly registry: Registry
  readonly client: Client
  readonly clock: Clock
  readonly dataDir: string
  readonly artifactsDir: string
  /** What runs pods here; nothing does when nodes of their own do. */
  readonly runtime: Runtime | undefined
  /** Why the better runtime could not be had; undefined when nobody has to know. */
  readonly fallback: string | undefined
  readonly images: ImageMap
  /** What workflows publish of themselves. */
  readonly metrics: CustomMetrics
  /**
   * From now on pods move, and workflows: those of the controller `instance`, or all. Without `pods` no API is served:
   * programs in pods are told of none, and ours may do everything.
   */
  start(pods?: PodAccess, instance?: string): Promise<void>
}

/** Opens the data directory and makes everything ready; nothing moves before `start`. */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const { clock = systemClock, log = () => undefined } = options
  const dataDir = options.dataDir ? resolve(options.dataDir) : await temporaryFolder()
  const open = new AsyncDisposableStack()
  if (!options.dataDir) open.defer(() => removeDataDir(dataDir))
  // It is found out in a process of its own, while this one opens the store.
  const choosing = runtimeOf(options)
  open.defer(async () => {
    const chosen = await choosing.catch(() => undefined)
    await chosen?.runtime?.[Symbol.asyncDispose]()
  })
  try {
    const onCommit = options.meters?.committed
    const { onFull } = options
    const store = open.use(
      openStore(dataDir, {
        ...(onCommit && { onCommit }),
        ...(onFull && { onFull }),
        ...(!options.dataDir && { sync: 'never' }),
      }),
    )
    const { runtime, fallback } = await choosing
    const kinds = registry()
    const counted = options.accounts
      ? admitCountedPod({ store, mountsTokens: mountsTokens(options.runtime, runtime) })
      : (pod: KubeObject) => pod
    const admitPod = (pod: KubeObject) => counted(checkPod(pod))
    const client = localClient({ store, clock, registry: kinds, admitPod })
    const images = [...(options.images ?? []), ...(runtime?.images ? [] : builtInImages)]
    const metrics = new CustomMetrics({ now: () => clock.now(), log })
    const artifactsDir = resolve(options.artifactsDir ?? layoutOf(dataDir).artifacts)
    const world = {
      ...{ store, registry: kinds, client, clock, dataDir, runtime, fallback, images },
      ...{ metrics, artifactsDir },
    }
    return {
      ...world,
      start: (pods, instance) => start({ ...world, pods, instance }, options, { log, open }),
      [Symbol.asyncDispose]: () => open.disposeAsync(),
    }
  } catch (error) {
    await open.disposeAsync()
    throw error
  }
}

interface Life {
  readonly log: (line: string) => void
  readonly open: AsyncDisposableStack
}

/** A plain process can have nothing mounted, and so no token. */
export function mountsTokens(choice: RuntimeChoice | undefined, runtime: Runtime | undefined) {
  return (runtime?.name ?? choice) !== 'process'
}

async function start(
  world: Pick<Embedded, 'client' | 'clock' | 'dataDir' | 'artifactsDir' | 'runtime' | 'metrics'> & {
    readonly pods: PodAccess | undefined
    readonly instance: string | undefined
  },
  options: EmbeddedOptions,
  { log, open }: Life,
): Promise<void> {
  const { images = [], controllers = true, accounts = false, maxPods = 110, capacity } = options
  const { client, clock, dataDir, artifactsDir, runtime, metrics, pods, instance } = world
  const drivers = allDrivers({ root: artifactsDir, client })
  const starting: Promise<AsyncDisposable>[] = []
  if (runtime) {
    starting.push(
      startNode({
        ...{ client, clock, dataDir, runtime, images, drivers, maxPods },
        builtIns: executorPrograms(idleKinds(accounts && controllers)),
        nodeName: hostname(),
        ...(pods && { api: pods.door, clientFor: pods.clientFor }),
        ...(capacity && { capacity }),
        ...(accounts && {
          onNoNameServer: log,
          onNameServer: (host) => keepNameService(client, host),
        }),
        onError: (error) => log(`node: ${String(error)}`),
      }),
    )
  }
  if (controllers) {
    const remove = deleter(drivers)
    const meters = options.meters?.queues
    const given = { client, clock, log, remove, metrics: metrics.apply }
    starting.push(
      startControllers({
        ...given,
        ...(meters && { meters }),
        ...(instance !== undefined && { instance }),
      }),
    )
  }
  await startAll(open, starting)
  if (!runtime) return
  // Beside the work: nobody has to wait for it but the end.
  const swept = sweeping(runtime, log)
  open.defer(() => swept)
}

/** Upstream starts a pod for this; here it is done where the drivers are. */
function deleter(drivers: DriversFor): Deleter {
  return (namespace, artifact, signal) => {
    const driver = driverOf(drivers(namespace), artifact)
    return driver.remove(artifact, signal)
  }
}

async function runtimeOf({ node = true, runtime = 'auto', early }: EmbeddedOptions) {
  if (!node) return { runtime: undefined, fallback: undefined }
  return early ? early.take() : chooseRuntime(runtime)
}

function openStore(
  dataDir: string,
  more: Pick<StoreOptions, 'onCommit' | 'onFull' | 'sync'>,
): Store {
  try {
    return new Store({ directory: dataDir, fatal: (error) => die(dataDir, error), ...more })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (why.includes(`the data directory ${dataDir}`)) throw error
    throw new Error(`the data directory ${dataDir} cannot be used: ${why}`, { cause: error })
  }
}

/** A commit failed: memory is ahead of the disk, and nothing may be built on it. A new start reads what is true. */
function die(dataDir: string, { message }: Error): never {
  process.stderr.write(
    `argosy: the data directory ${dataDir} could not be written: ${message}. ` +
      'What was acknowledged is kept: mend that, and start again\n',
  )
  process.exit(70)
}
