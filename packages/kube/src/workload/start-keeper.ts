import type { KubeObject } from '@argosy/engine'
import type { Client, ListQuery } from '../client.ts'
import type { Clock } from '../clock.ts'
import { type Outcome, objectKey, runController, splitKey } from '../controller.ts'
import { type Entry, Informer, type InformerChange } from '../informer.ts'
import type { QueueMeters } from '../metrics/queue-meters.ts'
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
  readonly meters?: QueueMeters
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
  keys?(object: KubeObject, kept: Kept): Iterable<string>
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

/** The objects of the kind that is kept. */
export type Kept = () => Iterable<Entry<KubeObject>>

/** Objects without a controller concern all that may take them in. */
export const ofNobody: NonNullable<Beside['keys']> = (object, kept) => {
  if (controllerOf(object) !== undefined) return []
  return inNamespaceOf(object, kept)
}

export function* inNamespaceOf(object: KubeObject, kept: Kept): Iterable<string> {
  const namespace = object.metadata.namespace ?? ''
  for (const one of kept()) {
    if (one.namespace === namespace) yield objectKey(namespace, one.name)
  }
}

/** Those of its namespace that an object matters to. */
export function keysWhere<T extends KubeObject>(
  matters: (kept: T, object: KubeObject) => boolean,
): NonNullable<Beside['keys']> {
  return function* keys(object, kept) {
    const namespace = object.metadata.namespace ?? ''
    for (const one of kept()) {
      if (one.namespace !== namespace || !matters(one.object as T, object)) continue
      yield objectKey(namespace, one.name)
    }
  }
}

/** Starts the loop of a kind: told by name only, reads, decides, acts. Dispose to stop. */
export function startKeeper<T extends KubeObject>(
  keeping: Keeping<T>,
  { client, clock, log = () => undefined, meters }: KeeperOptions,
): AsyncDisposable {
  const stop = new AbortController()
  const meter = meters?.of(keeping.component)
  const queue = new Queue({ clock, ...(meter && { meter }) })
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
      ...(keys?.(object, () => kept.entries()) ?? []),
    ]
    return watch(query, (changes) => {
      // Nobody is concerned, and nothing is built.
      if (kept.size === 0 && !keeping.gone) return
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
  const isDone = await perform(decided.effects, { client, now, component, about })
  return { wakeAt: isDone ? decided.wakeAt : now }
}
