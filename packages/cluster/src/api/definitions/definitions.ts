import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Clock, equalJson, StatusError } from '@argosy/kube'
import type { Change } from '../../store/feed.ts'
import type { ObjectVersion } from '../../store/object-version.ts'
import type { Store } from '../../store/store.ts'
import { settle } from '../changes.ts'
import { beginDeletion } from '../deletion.ts'
import type { Kind, Registry } from '../kinds.ts'
import { rfc3339 } from '../time.ts'
import { collectionIn, type Definition, kindOf } from './definition.ts'

const collection = 'customresourcedefinitions.apiextensions.k8s.io'
const cleanup = 'customresourcecleanup.apiextensions.k8s.io'

export interface DefinitionsOptions {
  readonly store: Store
  readonly registry: Registry
  readonly clock: Clock
}

/**
 * Serves what CustomResourceDefinitions define, from the commit of a definition on: whoever is told that one was
 * created finds its kind in discovery. A definition that is deleted goes after the last of its objects.
 */
export function followDefinitions(options: DefinitionsOptions): void {
  const follower = new Follower(options)
  for (const version of options.store.list(collection)) follower.notice(version)
  options.store.listen((changes) => follower.hear(changes))
}

class Follower {
  readonly #store: Store
  readonly #registry: Registry
  readonly #clock: Clock
  /** Definitions that wait for the last of their objects, by its collection. */
  readonly #ending = new Map<string, ObjectVersion>()

  constructor({ store, registry, clock }: DefinitionsOptions) {
    this.#store = store
    this.#registry = registry
    this.#clock = clock
  }

  hear(changes: readonly Change[]): void {
    for (const { type, version } of changes) {
      if (version.key.collection === collection) {
        if (type === 'DELETED') this.#forget(version)
        else this.notice(version)
      } else if (type === 'DELETED') {
        const definition = this.#ending.get(version.key.collection)
        if (definition) this.#later(() => this.#end(definition))
      }
    }
  }

  notice(version: ObjectVersion): void {
    const definition = version.value as Definition
    const kind = kindOf(definition)
    if (kind) this.#registry.register(kind)
    if (definition.metadata.deletionTimestamp !== undefined) {
      this.#ending.set(collectionIn(definition), version)
      this.#later(() => this.#end(version))
    } else if (!isAccepted(definition)) this.#later(() => this.#accept(version))
  }

  #forget(version: ObjectVersion): void {
    const definition = version.value as Definition
    this.#ending.delete(collectionIn(definition))
    const kind = kindOf(definition)
    if (kind) this.#registry.unregister(kind.resource)
  }

  /** A listener may not write: it is called in the middle of a commit. */
  #later(write: () => void): void {
    setImmediate(() => {
      if (!this.#store.closed) unlessRefused(write)
    })
  }

  #accept({ key }: ObjectVersion): void {
    const now = rfc3339(this.#clock.now())
    this.#store.edit(key, (draft, before) => {
      const definition = draft.root as unknown as Definition
      if (isAccepted(definition)) return 'keep'
      const value = statusOf(definition, now)
      draft.apply([{ op: 'add', path: '/status', value }])
      const { finalizers = [] } = before.metadata
      if (!finalizers.includes(cleanup)) {
        const path = '/metadata/finalizers'
        draft.apply([{ op: 'add', path, value: [...finalizers, cleanup] }])
      }
      return settle(draft, before, this.#kind())
    })
  }

  #end(version: ObjectVersion): void {
    const definition = version.value as Definition
    const left = this.#store.list(collectionIn(definition))
    const kind = kindOf(definition)
    const now = this.#clock.now()
    for (const { key, metadata } of left) {
      if (!kind || metadata.deletionTimestamp !== undefined) continue
      unlessRefused(() =>
        this.#store.edit(key, (draft, before) =>
          beginDeletion(draft, before, { kind, options: {}, now }),
        ),
      )
    }
    if (left.length > 0) return
    this.#store.edit(version.key, (draft, before) => {
      const value = (before.metadata.finalizers ?? []).filter((name) => name !== cleanup)
      draft.apply([{ op: 'add', path: '/metadata/finalizers', value }])
      return settle(draft, before, this.#kind())
    })
  }

  #kind(): Kind {
    return this.#registry.of(collection)
  }
}

/** What a definition says of itself once it is served. */
function statusOf(definition: Definition, now: string): JsonObject {
  const { names, versions } = definition.spec
  const stored = definition.status?.storedVersions ?? []
  const current = versions.filter(({ storage }) => storage).map(({ name }) => name)
  return {
    acceptedNames: names as unknown as JsonObject,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found', now),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', now),
    ],
    storedVersions: [...new Set([...stored, ...current])],
  }
}

function condition(type: string, reason: string, message: string, now: string): JsonObject {
  return { type, status: 'True', reason, message, lastTransitionTime: now }
}

/** Whether the status of a definition says what its spec does. */
function isAccepted({ spec, status, metadata }: Definition): boolean {
  const stored = status?.storedVersions ?? []
  return (
    status?.conditions !== undefined &&
    equalJson(status.acceptedNames as unknown as JsonObject, spec.names as unknown as JsonObject) &&
    spec.versions.every(({ storage, name }) => !storage || stored.includes(name)) &&
    (metadata.deletionTimestamp !== undefined || metadata.finalizers?.includes(cleanup) === true)
  )
}

/** A refusal means that somebody was faster; what is left to do will be heard of. */
function unlessRefused(write: () => unknown): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}

/** A definition as its author may leave it out. */
export function completeDefinition(object: KubeObject): KubeObject {
  const definition = object as Definition
  const { names } = definition.spec ?? {}
  if (!names?.kind || !definition.spec.versions) return object
  const completed = {
    singular: names.kind.toLowerCase(),
    listKind: `${names.kind}List`,
    ...names,
  }
  const spec = { conversion: { strategy: 'None' }, ...definition.spec, names: completed }
  return { ...definition, spec } as KubeObject
}
