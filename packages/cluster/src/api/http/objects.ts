import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Clock, type Draft, type ListQuery, resources } from '@argosy/kube'
import type { Key, ObjectVersion } from '../../store/object-version.ts'
import type { Store, Verdict } from '../../store/store.ts'
import { admitNew } from '../creation.ts'
import { beginDeletion } from '../deletion.ts'
import { collectionOf, type Kind, type Registry } from '../kinds.ts'
import { alreadyExists, notFound, noUniqueName } from '../refusals.ts'
import { selection } from '../selection.ts'

export interface ObjectsOptions {
  readonly store: Store
  readonly registry: Registry
  readonly clock: Clock
  readonly random: () => number
  readonly uid: () => string
}

/** Which object; `namespace` is absent for cluster-scoped kinds. */
export interface Place {
  readonly namespace?: string
  readonly name: string
}

/** What a write has come to. */
export interface Written {
  readonly object: KubeObject
  readonly isGone: boolean
}

/** What was created. */
export interface Created {
  readonly object: KubeObject
  /** As JSON, where that is known. */
  readonly text: string | undefined
}

export type Change = (draft: Draft, before: ObjectVersion) => Verdict

/** The objects as the API's verbs see them: whole, and with dry runs. */
export class Objects {
  /** Called in the turn in which a namespace is created, so that what is created then is there as soon as it is. */
  newNamespace: (name: string) => void = () => undefined
  readonly store: Store
  readonly registry: Registry
  readonly #options: ObjectsOptions

  constructor(options: ObjectsOptions) {
    this.store = options.store
    this.registry = options.registry
    this.#options = options
  }

  now(): number {
    return this.#options.clock.now()
  }

  find(kind: Kind, place: Place): KubeObject | undefined {
    return this.store.get(keyOf(kind, place))?.value
  }

  /** The newest one, which may not be committed yet. */
  newest(kind: Kind, place: Place): KubeObject | undefined {
    return this.store.newest(keyOf(kind, place))?.value
  }

  /** Throws `NotFound`. */
  get(kind: Kind, place: Place): KubeObject {
    const object = this.find(kind, place)
    if (!object) throw notFound(kind.resource, place.name)
    return object
  }

  /** The committed versions that a query wants, in order. */
  list(kind: Kind, query: Omit<ListQuery, 'resource'>): readonly ObjectVersion[] {
    const matches = selection(kind, { ...query, resource: kind.resource })
    const versions = this.store.list(collectionOf(kind.resource))
    return matches ? versions.filter(matches) : versions
  }

  async create(kind: Kind, object: KubeObject, isDryRun: boolean): Promise<Created> {
    try {
      return this.#submit(kind, object, isDryRun)
    } finally {
      await this.store.settled()
    }
  }

  /** `change` may throw, which leaves no trace; with a dry run nothing ever does. Throws `NotFound`. */
  async edit(kind: Kind, place: Place, isDryRun: boolean, change: Change): Promise<Written> {
    try {
      return isDryRun ? this.#rehearse(kind, place, change) : this.#edit(kind, place, change)
    } finally {
      await this.store.settled()
    }
  }

  async remove(
    kind: Kind,
    place: Place,
    options: Parameters<typeof beginDeletion>[2]['options'],
    isDryRun: boolean,
  ): Promise<Written> {
    const deletion = { kind, options, now: this.now() }
    return this.edit(kind, place, isDryRun, (draft, before) =>
      beginDeletion(draft, before, deletion),
    )
  }

  #submit(kind: Kind, object: KubeObject, isDryRun: boolean): Created {
    const isGenerated = !object.metadata.name && Boolean(object.metadata.generateName)
    for (let tries = 0; tries < 8; tries++) {
      const { key, admitted } = admitNew(kind, object, this.surroundings())
      const created = isDryRun ? this.#wouldBe(key, admitted) : this.#create(key, admitted)
      if (created) return created
      if (!isGenerated) throw alreadyExists(kind.resource, key.name)
    }
    throw noUniqueName(kind.resource, object.metadata.generateName ?? '')
  }

  #wouldBe(key: Key, admitted: KubeObject): Created | undefined {
    return this.store.newest(key) ? undefined : { object: admitted, text: undefined }
  }

  #create(key: Key, admitted: KubeObject): Created | undefined {
    const version = this.store.create(key, admitted)
    if (!version) return undefined
    const created = { object: version.value, text: this.store.textOf(version) }
    if (key.collection === 'namespaces') this.newNamespace(key.name)
    return created
  }

  #edit(kind: Kind, place: Place, change: Change): Written {
    const version = this.store.edit(keyOf(kind, place), change)
    if (!version) throw notFound(kind.resource, place.name)
    return { object: version.value, isGone: version.deleted }
  }

  /** Does all that the change does, and takes it back. */
  #rehearse(kind: Kind, place: Place, change: Change): Written {
    const rehearsal = new Rehearsal()
    try {
      this.#edit(kind, place, (draft, before) => {
        const verdict = change(draft, before)
        const object = structuredClone(draft.root as JsonObject) as unknown as KubeObject
        rehearsal.written = { object, isGone: verdict === 'remove' }
        throw rehearsal
      })
    } catch (error) {
      if (error !== rehearsal || !rehearsal.written) throw error
      return rehearsal.written
    }
    throw new Error('a rehearsal was performed')
  }

  /** What creation takes from the world. */
  surroundings() {
    const { random, uid } = this.#options
    const collection = collectionOf(resources.namespaces)
    return {
      now: this.now(),
      random,
      uid,
      namespace: (name: string) => this.store.newest({ collection, namespace: '', name }),
    }
  }
}

class Rehearsal extends Error {
  written: Written | undefined
}

function keyOf({ resource }: Kind, { namespace, name }: Place): Key {
  return { collection: collectionOf(resource), namespace: namespace ?? '', name }
}
