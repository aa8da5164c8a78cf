import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Clock, equalJson, StatusError } from '@argosy/kube'
import type { Change } from '../../store/feed.ts'
import type { ObjectVersion } from '../../store/object-version.ts'
import type { Store } from '../../store/store.ts'
import { settle } from '../changes.ts'
import { beginDeletion } from '../deletion.ts'
import type { Kind, Registry } from '../kinds.ts'
import { definitionStatus } from '../parts/schema/definition-status.ts'
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
    const status = this.#statusOf(definition)
    const kind = kindOf(definition)
    if (kind && isEstablished(status)) this.#registry.register(kind)
    if (definition.metadata.deletionTimestamp !== undefined) {
      this.#ending.set(collectionIn(definition), version)
      this.#later(() => this.#end(version))
    } else if (!isAccepted(definition, status)) this.#later(() => this.#accept(version))
  }

  #statusOf(definition: Definition): JsonObject {
    const taken = takenNames(this.#registry, definition)
    const now = rfc3339(this.#clock.now())
    return definitionStatus(definition as unknown as JsonObject, { now, taken })
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
    this.#store.edit(key, (draft, before) => {
      const definition = draft.root as unknown as Definition
      draft.apply([{ op: 'add', path: '/status', value: this.#statusOf(definition) }])
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

/** Whether the status of a definition is what it should be. */
function isAccepted({ status, metadata }: Definition, wanted: JsonObject): boolean {
  const isCurrent = equalJson(status as JsonObject | undefined, wanted)
  return isCurrent && metadata.finalizers?.includes(cleanup) === true
}

function isEstablished({ conditions }: JsonObject): boolean {
  const all = (conditions ?? []) as readonly JsonObject[]
  return all.some(({ type, status }) => type === 'Established' && status === 'True')
}

/** The names that other kinds of a definition's group go by. */
function takenNames(registry: Registry, { spec }: Definition): ReadonlyMap<string, string> {
  const others = [...registry.all()].filter(
    ({ resource }) => resource.group === spec.group && resource.plural !== spec.names.plural,
  )
  return new Map(
    others.flatMap((kind) => {
      const { plural, kind: name } = kind.resource
      const singular = kind.singular ?? name.toLowerCase()
      const names = [plural, singular, name, `${name}List`, ...(kind.shortNames ?? [])]
      return names.map((one) => [one, plural] as const)
    }),
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
