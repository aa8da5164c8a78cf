import type { Key, ObjectVersion } from '../store/object-version.ts'

/** Who owns whom, by uid. */
export class Ownership {
  readonly #live = new Map<string, Key>()
  readonly #dependents = new Map<string, Set<string>>()
  readonly #owners = new Map<string, readonly string[]>()
  /** Namespaces that are ending, by name: they want to know when something in them goes. */
  readonly #ending = new Map<string, string>()

  /** Files an object under its owners; returns the uids that want a look: its own when an owner is missing. */
  add(version: ObjectVersion): string[] {
    const { uid, ownerReferences = [] } = version.metadata
    if (uid === undefined) return []
    this.#unfile(uid)
    this.#live.set(uid, version.key)
    const owners = ownerReferences.map((reference) => reference.uid)
    if (owners.length > 0) this.#owners.set(uid, owners)
    for (const owner of owners) {
      this.#dependents.set(owner, (this.#dependents.get(owner) ?? new Set()).add(uid))
    }
    this.renew(version)
    return owners.some((owner) => !this.#live.has(owner)) ? [uid] : []
  }

  /** Nothing but the rest of the object has changed. */
  renew(version: ObjectVersion): string[] {
    const { uid, deletionTimestamp } = version.metadata
    const isEnding = version.key.collection === 'namespaces' && deletionTimestamp !== undefined
    if (isEnding && uid !== undefined) this.#ending.set(version.name, uid)
    return []
  }

  /** Forgets an object; returns the uids that want a look: its own for its dependents, and those who wait for it. */
  remove(version: ObjectVersion): string[] {
    const { uid } = version.metadata
    if (uid === undefined) return []
    const owners = this.#owners.get(uid) ?? []
    this.#unfile(uid)
    this.#live.delete(uid)
    if (version.key.collection === 'namespaces') this.#ending.delete(version.name)
    const namespace = this.#ending.get(version.namespace)
    const waiting = namespace === undefined ? owners : [...owners, namespace]
    return this.#dependents.has(uid) ? [uid, ...waiting] : [...waiting]
  }

  find(uid: string): Key | undefined {
    return this.#live.get(uid)
  }

  /** True when an object has owners, and none of them lives. */
  isGarbage(version: ObjectVersion): boolean {
    const { ownerReferences = [] } = version.metadata
    return ownerReferences.length > 0 && ownerReferences.every(({ uid }) => !this.#live.has(uid))
  }

  *dependents(owner: string): Generator<Key> {
    for (const uid of this.#dependents.get(owner) ?? []) {
      const key = this.#live.get(uid)
      if (key) yield key
    }
  }

  /** After a start: every owner that is not there, and every object, for something may have been left half done. */
  *suspects(): Generator<string> {
    for (const owner of this.#dependents.keys()) yield owner
    yield* this.#ending.values()
    for (const uid of this.#owners.keys()) yield uid
  }

  #unfile(uid: string): void {
    for (const owner of this.#owners.get(uid) ?? []) {
      const dependents = this.#dependents.get(owner)
      dependents?.delete(uid)
      if (dependents?.size === 0) this.#dependents.delete(owner)
    }
    this.#owners.delete(uid)
  }
}
