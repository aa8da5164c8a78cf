import type { KubeObject, ObjectMeta } from '@argosy/engine'
import {
  type Client,
  type Clock,
  type List,
  type ListQuery,
  type Patch,
  type Ref,
  type RemoveOptions,
  type Resource,
  randomUuid,
  resources,
  systemClock,
  type WatchQuery,
} from '@argosy/kube'
import type { Key, ObjectVersion } from '../store/object-version.ts'
import type { Store } from '../store/store.ts'
import { patch as applyPatch, replace, settle } from './changes.ts'
import { collectGarbage } from './collector.ts'
import { admitNew } from './creation.ts'
import { beginDeletion } from './deletion.ts'
import { collectionOf, type Kind, type Registry, registry } from './kinds.ts'
import { ownerLabelIn } from './owner-label.ts'
import { page } from './page.ts'
import { alreadyExists, badRequest, notFound, noUniqueName, staleVersion } from './refusals.ts'
import { eventOf, selection } from './selection.ts'

export interface LocalOptions {
  readonly store: Store
  readonly clock?: Clock
  /** At least 0, less than 1. */
  readonly random?: () => number
  readonly uid?: () => string
  readonly registry?: Registry
  /** Completes a new pod, or throws why it may not be. */
  readonly admitPod?: (pod: KubeObject) => KubeObject
  /** Namespaces that exist from the start. */
  readonly namespaces?: readonly string[]
}

/** The port in process: no HTTP, no copies. */
export function localClient(options: LocalOptions): Client {
  const { store, clock = systemClock, registry: kinds = registry() } = options
  const server = new LocalServer({ ...options, clock, registry: kinds })
  for (const name of options.namespaces ?? ['default', 'argo']) server.ensureNamespace(name)
  collectGarbage({ store, clock, registry: kinds })
  return server
}

class LocalServer implements Client {
  readonly commitsTurns = true
  readonly #store: Store
  readonly #clock: Clock
  readonly #random: () => number
  readonly #uid: () => string
  readonly #kinds: Registry
  readonly #admitPod: (pod: KubeObject) => KubeObject

  constructor(options: LocalOptions) {
    this.#store = options.store
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#uid = options.uid ?? randomUuid
    this.#kinds = options.registry ?? registry()
    this.#admitPod = options.admitPod ?? ((pod) => pod)
  }

  async get<T extends KubeObject>(ref: Ref, signal?: AbortSignal): Promise<T | undefined> {
    signal?.throwIfAborted()
    return this.#store.get(keyOf(ref))?.value as T | undefined
  }

  async list<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<List<T>> {
    signal?.throwIfAborted()
    if (query.early) await this.#store.settled()
    const matches = selection(this.#kinds.kind(query.resource), query)
    const collection = collectionOf(query.resource)
    const wanted = query.labelSelector && ownerLabelIn(query.labelSelector)
    const all = wanted
      ? this.#store.labelled(collection, wanted.label, wanted.value)
      : this.#store.list(collection)
    return page<T>(matches ? all.filter(matches) : all, query, this.#store.revision)
  }

  watch<T extends KubeObject>(query: WatchQuery, signal: AbortSignal) {
    const matches = selection(this.#kinds.kind(query.resource), query)
    const after = revisionOf(query.resourceVersion)
    const collection = collectionOf(query.resource)
    const { early } = query
    return this.#store.follow({ collection, after, early, pick: eventOf<T>(matches) }, signal)
  }

  create(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta> {
    return this.#write(signal, () => this.#create(this.#kinds.kind(resource), object))
  }

  update(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta> {
    const { namespace, name } = object.metadata
    if (!name) return Promise.reject(badRequest('name must be provided'))
    const kind = this.#kinds.kind(resource)
    return this.#edit(
      { resource, name, ...(namespace && { namespace }) },
      signal,
      (draft, before) => {
        replace(draft, object, kind)
        return settle(draft, before, kind)
      },
    )
  }

  patch(ref: Ref, patch: Patch, signal?: AbortSignal): Promise<ObjectMeta> {
    const kind = this.#kinds.kind(ref.resource)
    if (patch.subresource === 'status' && !kind.hasStatus) {
      return Promise.reject(notFound(ref.resource, `${ref.name}/status`))
    }
    return this.#edit(ref, signal, (draft, before) => {
      if (patch.resourceVersion !== undefined && patch.resourceVersion !== before.resourceVersion) {
        throw staleVersion(ref.resource, ref.name)
      }
      applyPatch(draft, patch, kind)
      return settle(draft, before, kind)
    })
  }

  async remove(ref: Ref, options: RemoveOptions = {}, signal?: AbortSignal): Promise<void> {
    const deletion = { kind: this.#kinds.kind(ref.resource), options, now: this.#clock.now() }
    await this.#edit(ref, signal, (draft, before) => beginDeletion(draft, before, deletion))
  }

  /** Submits a namespace unless it is there. */
  ensureNamespace(name: string): void {
    const kind = this.#kinds.kind(resources.namespaces)
    const key = { collection: collectionOf(kind.resource), namespace: '', name }
    if (this.#store.newest(key)) return
    this.#create(kind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }

  #create(kind: Kind, given: KubeObject): ObjectVersion {
    const isPod = collectionOf(kind.resource) === collectionOf(resources.pods)
    const object = isPod ? this.#admitPod(given) : given
    const generated = !object.metadata.name && Boolean(object.metadata.generateName)
    for (let tries = 0; tries < 8; tries++) {
      const { key, admitted } = admitNew(kind, object, this.#surroundings())
      const version = this.#store.create(key, admitted)
      if (version) return version
      if (!generated) throw alreadyExists(kind.resource, key.name)
    }
    throw noUniqueName(kind.resource, object.metadata.generateName ?? '')
  }

  #surroundings() {
    return {
      now: this.#clock.now(),
      random: this.#random,
      uid: this.#uid,
      namespace: (name: string) =>
        this.#store.newest({ collection: collectionOf(resources.namespaces), namespace: '', name }),
    }
  }

  #edit(ref: Ref, signal: AbortSignal | undefined, edit: Parameters<Store['edit']>[1]) {
    return this.#write(signal, () => {
      const version = this.#store.edit(keyOf(ref), edit)
      if (!version) throw notFound(ref.resource, ref.name)
      return version
    })
  }

  /** Decides now, answers after the commit: a refusal too, for it may rest on a write that is not committed yet. */
  async #write(signal: AbortSignal | undefined, submit: () => ObjectVersion): Promise<ObjectMeta> {
    signal?.throwIfAborted()
    try {
      return submit().metadata
    } finally {
      await this.#store.settled()
    }
  }
}

function keyOf({ resource, namespace, name }: Ref): Key {
  return { collection: collectionOf(resource), namespace: namespace ?? '', name }
}

function revisionOf(resourceVersion: string | undefined): number | undefined {
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0')
    return undefined
  if (/^\d+$/.test(resourceVersion)) return Number(resourceVersion)
  throw badRequest(
    `Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`,
  )
}
