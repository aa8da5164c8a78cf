import type { KubeObject } from '@argosy/engine'
import type { Client, ListQuery } from '../client.ts'
import type { Clock } from '../clock.ts'
import { type Outcome, objectKey, runController, splitKey } from '../controller.ts'
import { Informer, type InformerChange } from '../informer.ts'
import { Queue } from '../queue.ts'
import { apiVersionOf, type Resource } from '../resource.ts'
import type { Decided } from './effect.ts'
import { controllerOf } from './owning.ts'
import { perform } from './perform.ts'

export interface KeeperOptions {
  readonly client: Client
  readonly clock: Clock
  /** One line per surprise. */
  readonly log?: (line: string) => void
}

/** A kind whose objects are kept as they should be. */
export interface Keeping<T extends KubeObject> {
  /** Who speaks in events, as `job-controller`. */
  readonly component: string
  readonly resource: Resource
  /** Other kinds, a change of which makes somebody look. */
  readonly with?: readonly Beside[]
  /** Reads what is needed from the server, never from memory, and decides: so nothing is made twice. */
  decide(object: T, reader: Reader): Promise<Decided | undefined>
  /** The object is no longer there. */
  gone?(
    place: { readonly namespace: string; readonly name: string },
    reader: Reader,
  ): Promise<Decided | undefined>
}

export interface Beside {
  readonly resource: Resource
  readonly labelSelector?: string
  /** The keys to look at besides the object's controller; default: none. */
  keys?(object: KubeObject, known: Iterable<string>): Iterable<string>
}

/** What a look reads from. */
export interface Reader {
  readonly client: Client
  readonly now: number
  readonly signal: AbortSignal
  all<O extends KubeObject>(query: ListQuery): Promise<readonly O[]>
}

/** Pods that are no steps of a workflow: those have a controller of their own, and there may be very many. */
export const plainPods = '!workflows.argoproj.io/workflow'

/** Objects without a controller concern all that may take them in. */
export const ofNobody: NonNullable<Beside['keys']> = (object, known) => {
  if (controllerOf(object) !== undefined) return []
  return inNamespaceOf(object, known)
}

export function* inNamespaceOf(object: KubeObject, known: Iterable<string>): Iterable<string> {
  const prefix = `${object.metadata.namespace ?? ''}/`
  for (const key of known) if (key.startsWith(prefix)) yield key
}

/** Starts the loop of a kind: told by name only, reads, decides, acts. Dispose to stop. */
export function startKeeper<T extends KubeObject>(
  keeping: Keeping<T>,
  { client, clock, log = () => undefined }: KeeperOptions,
): AsyncDisposable {
  const stop = new AbortController()
  const queue = new Queue({ clock })
  const onError = (error: unknown) => log(`${keeping.component}: ${String(error)}`)
  const watch = <O extends KubeObject>(
    query: ListQuery,
    onBatch: (changes: readonly InformerChange<O>[]) => void,
  ) => new Informer<O>({ client, clock, query, onBatch, onError })
  const kept = watch<T>({ resource: keeping.resource }, (changes) => {
    for (const { key } of changes) queue.add(key)
  })
  const beside = (keeping.with ?? []).map(({ keys, ...query }) => {
    const concerned = (object: KubeObject) => [
      ...controllerKey(object, keeping.resource),
      ...(keys?.(object, kept.keys()) ?? []),
    ]
    return watch(query, (changes) => {
      const versions = changes.flatMap(({ entry, before }) => (before ? [before, entry] : [entry]))
      for (const { object } of versions) for (const key of concerned(object)) queue.add(key)
    })
  })
  const reconcile = (key: string, signal: AbortSignal) =>
    look(keeping, key, { client, clock, signal })
  const lines = (error: unknown, key: string) =>
    log(`${keeping.component}: ${key}: ${String(error)}`)
  const work = runController({ queue, reconcile, onError: lines }, stop.signal)
  const running = [...[kept, ...beside].map((informer) => informer.run(stop.signal)), work]
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.allSettled(running)
    },
  }
}

function controllerKey(object: KubeObject, { kind }: Resource): readonly string[] {
  const controller = controllerOf(object)
  if (controller?.kind !== kind) return []
  return [objectKey(object.metadata.namespace, controller.name)]
}

interface Means {
  readonly client: Client
  readonly clock: Clock
  readonly signal: AbortSignal
}

async function look<T extends KubeObject>(
  keeping: Keeping<T>,
  key: string,
  { client, clock, signal }: Means,
): Promise<Outcome | undefined> {
  const { namespace, name } = splitKey(key)
  const { resource, component } = keeping
  const ref = { resource, name, ...(namespace !== '' && { namespace }) }
  const now = clock.now()
  const all: Reader['all'] = async <O extends KubeObject>(query: ListQuery) =>
    (await client.list<O>(query, signal)).items
  const reader: Reader = { client, now, signal, all }
  const object = await client.get<T>(ref, signal)
  const decided = object
    ? await keeping.decide(object, reader)
    : await keeping.gone?.({ namespace, name }, reader)
  if (decided === undefined) return undefined
  const about = object ?? {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, namespace },
  }
  await perform(decided.effects, { client, now, component, about })
  return { wakeAt: decided.wakeAt }
}
