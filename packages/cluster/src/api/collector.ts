import type { ObjectMeta, OwnerReference } from '@argosy/engine'
import { type Clock, StatusError } from '@argosy/kube'
import type { Change } from '../store/feed.ts'
import type { Key, ObjectVersion } from '../store/object-version.ts'
import type { Store } from '../store/store.ts'
import { settle } from './changes.ts'
import { beginDeletion } from './deletion.ts'
import type { Registry } from './kinds.ts'
import { Ownership } from './ownership.ts'

export interface CollectorOptions {
  readonly store: Store
  readonly registry: Registry
  readonly clock: Clock
}

/**
 * Removes what nobody owns any more, in the background: dependents whose owners are all gone, the dependents of owners
 * that are being deleted in the foreground, the references of orphans, and what is left in a namespace that ends.
 */
export function collectGarbage(options: CollectorOptions): void {
  new Collector(options).begin()
}

/** How many objects are looked at between two turns of the event loop. */
const stride = 200

class Collector {
  readonly #store: Store
  readonly #registry: Registry
  readonly #clock: Clock
  readonly #ownership = new Ownership()
  /** Uids of owners to look at, and of objects whose owners may never have been. */
  readonly #due = new Set<string>()
  #isScheduled = false

  constructor(options: CollectorOptions) {
    this.#store = options.store
    this.#registry = options.registry
    this.#clock = options.clock
    for (const collection of this.#store.collections()) {
      for (const version of this.#store.list(collection)) this.#ownership.add(version)
    }
  }

  begin(): void {
    for (const uid of this.#ownership.suspects()) this.#due.add(uid)
    this.#store.listen((changes) => this.#hear(changes))
    this.#schedule()
  }

  #hear(changes: readonly Change[]): void {
    for (const { type, version, before } of changes) {
      if (type === 'DELETED') for (const uid of this.#ownership.remove(version)) this.#due.add(uid)
      else if (before?.metadata !== version.metadata) this.#notice(version, before)
    }
    this.#schedule()
  }

  #notice(version: ObjectVersion, before: ObjectVersion | undefined): void {
    const { metadata } = version
    const sameOwners = before?.metadata.ownerReferences === metadata.ownerReferences
    const suspects =
      before && sameOwners ? this.#ownership.renew(version) : this.#ownership.add(version)
    for (const uid of suspects) this.#due.add(uid)
    if (metadata.uid !== undefined && waitsForUs(version)) this.#due.add(metadata.uid)
  }

  #schedule(): void {
    if (this.#isScheduled || this.#due.size === 0) return
    this.#isScheduled = true
    setImmediate(() => this.#work())
  }

  #work(): void {
    this.#isScheduled = false
    if (this.#store.closed) return
    let left = stride
    for (const uid of this.#due) {
      if (left <= 0) break
      this.#due.delete(uid)
      const used = this.#look(uid, left)
      if (used > left) this.#due.add(uid)
      left -= used + 1
    }
    this.#schedule()
  }

  /** Does what is due for one owner; returns how many objects that took, more than `limit` when some are left. */
  #look(uid: string, limit: number): number {
    const owner = this.#ownership.find(uid)
    if (!owner) return this.#releaseAll(uid, limit)
    const version = this.#store.newest(owner)
    if (!version) return 0
    if (this.#ownership.isGarbage(version))
      this.#remove(version.key, version.metadata, 'Background')
    const finalizers = version.metadata.finalizers ?? []
    if (version.metadata.deletionTimestamp === undefined) return 1
    if (finalizers.includes('orphan')) return this.#orphan(version, uid)
    if (finalizers.includes('foregroundDeletion')) return this.#foreground(version, uid)
    return isNamespace(version) ? this.#empty(version, limit) : 1
  }

  /** The owner is gone: dependents lose the reference to it, or go too when it was the last. */
  #releaseAll(uid: string, limit: number): number {
    let count = 0
    for (const key of this.#ownership.dependents(uid)) {
      if (count++ >= limit) return count
      const version = this.#store.newest(key)
      if (!version) continue
      if (this.#ownership.isGarbage(version)) this.#remove(key, version.metadata, 'Background')
      else this.#disown(key, uid)
    }
    return count
  }

  #orphan(owner: ObjectVersion, uid: string): number {
    const dependents = [...this.#ownership.dependents(uid)]
    for (const key of dependents) this.#disown(key, uid)
    this.#dropFinalizer(owner.key, 'orphan')
    return dependents.length
  }

  #foreground(owner: ObjectVersion, uid: string): number {
    const dependents = [...this.#ownership.dependents(uid)]
    const blocking = dependents.filter((key) => {
      const version = this.#store.newest(key)
      const owners = version?.metadata.ownerReferences ?? []
      return owners.some((reference) => reference.uid === uid && reference.blockOwnerDeletion)
    })
    for (const key of dependents) {
      const version = this.#store.newest(key)
      if (!version || version.metadata.deletionTimestamp !== undefined) continue
      this.#remove(key, version.metadata, blocking.includes(key) ? 'Foreground' : 'Background')
    }
    if (blocking.length === 0) this.#dropFinalizer(owner.key, 'foregroundDeletion')
    return dependents.length
  }

  /** A namespace ends when nothing is left in it. */
  #empty(namespace: ObjectVersion, limit: number): number {
    const content = this.#store
      .collections()
      .flatMap((collection) => this.#store.list(collection))
      .filter((version) => version.namespace === namespace.name)
    if (content.length === 0) {
      this.#edit(namespace.key, [{ op: 'replace', path: '/spec/finalizers', value: [] }])
    }
    const staying = content.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    for (const { key, metadata } of staying.slice(0, limit))
      this.#remove(key, metadata, 'Background')
    return staying.length
  }

  #disown(key: Key, uid: string): void {
    const references = this.#store.newest(key)?.metadata.ownerReferences ?? []
    const value = references.filter((reference: OwnerReference) => reference.uid !== uid)
    const path = '/metadata/ownerReferences'
    if (value.length === 0) this.#edit(key, [{ op: 'remove', path }])
    else this.#edit(key, [{ op: 'replace', path, value: value as never }])
  }

  #dropFinalizer(key: Key, name: string): void {
    const finalizers = this.#store.newest(key)?.metadata.finalizers ?? []
    const value = finalizers.filter((finalizer) => finalizer !== name)
    this.#edit(key, [{ op: 'replace', path: '/metadata/finalizers', value }])
  }

  #edit(key: Key, ops: Parameters<Parameters<Parameters<Store['edit']>[1]>[0]['apply']>[0]): void {
    const kind = this.#registry.of(key.collection)
    unlessRefused(() =>
      this.#store.edit(key, (draft, before) => {
        draft.apply(ops)
        return settle(draft, before, kind)
      }),
    )
  }

  #remove(key: Key, { uid }: ObjectMeta, propagationPolicy: 'Background' | 'Foreground'): void {
    const kind = this.#registry.of(key.collection)
    const options = { propagationPolicy, ...(uid !== undefined && { uid }) }
    const deletion = { kind, options, now: this.#clock.now() }
    unlessRefused(() =>
      this.#store.edit(key, (draft, before) => beginDeletion(draft, before, deletion)),
    )
  }
}

/** A refusal means that somebody was faster; what is left to do will be heard of. */
function unlessRefused(write: () => unknown): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}

function isNamespace(version: ObjectVersion): boolean {
  return version.key.collection === 'namespaces'
}

function waitsForUs(version: ObjectVersion): boolean {
  const { deletionTimestamp, finalizers } = version.metadata
  if (deletionTimestamp === undefined) return false
  const ours = finalizers?.some((name) => name === 'orphan' || name === 'foregroundDeletion')
  return ours === true || isNamespace(version)
}
