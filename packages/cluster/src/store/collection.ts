import type { Key, ObjectVersion } from './object-version.ts'
import type { Slot } from './slot.ts'

/** The objects of one resource. */
export class Collection {
  readonly #slots = new Map<string, Slot>()
  #sorted: Slot[] = []
  /** Not sorted in yet. */
  readonly #added = new Set<Slot>()
  /** How many of the sorted ones are gone. */
  #gone = 0
  readonly #labelled = new Map<string, Map<string, Set<Slot>>>()

  get(key: Key): Slot | undefined {
    return this.#slots.get(idOf(key))
  }

  add(slot: Slot): Slot {
    return this.#put(idOf(slot.key), slot)
  }

  /** The place of that object, made when there is none. */
  slotFor(key: Key): Slot {
    const id = idOf(key)
    const known = this.#slots.get(id)
    if (known) return known
    const { collection, namespace, name } = key
    const sizes = { snapshotBytes: 0, deltaBytes: 0, chainBytes: 0 }
    return this.#put(id, { key: { collection, namespace, name }, ...sizes })
  }

  #put(id: string, slot: Slot): Slot {
    this.#slots.set(id, slot)
    this.#added.add(slot)
    return slot
  }

  delete(slot: Slot): void {
    if (this.#slots.get(idOf(slot.key)) === slot) this.#slots.delete(idOf(slot.key))
    if (this.#added.delete(slot)) return
    this.#gone += 1
    // Nobody may ever list them, and what is gone must not stay.
    if (this.#gone > this.#sorted.length / 2) this.#prune()
  }

  #prune(): void {
    this.#sorted = this.#sorted.filter((slot) => this.get(slot.key) === slot)
    this.#gone = 0
  }

  /** A commit has changed what `slot` holds. */
  committed(slot: Slot, before: ObjectVersion | undefined): void {
    for (const [label, index] of this.#labelled) {
      const [was, is] = [before, slot.committed].map((one) => one?.metadata.labels?.[label])
      if (was === is) continue
      if (was !== undefined) forget(index, was, slot)
      if (is !== undefined) file(index, is, slot)
    }
  }

  /** The committed versions with that label, ordered as a list is. The first question about a label reads all of them. */
  labelled(label: string, value: string): ObjectVersion[] {
    const index = this.#labelled.get(label) ?? this.#index(label)
    const slots = [...(index.get(value) ?? [])].sort(byName)
    return slots.flatMap(({ committed }) => committed ?? [])
  }

  #index(label: string): Map<string, Set<Slot>> {
    const index = new Map<string, Set<Slot>>()
    for (const slot of this.#slots.values()) {
      const value = slot.committed?.metadata.labels?.[label]
      if (value !== undefined) file(index, value, slot)
    }
    this.#labelled.set(label, index)
    return index
  }

  /** The newest versions, committed or not, in no order. */
  *newest(): Iterable<ObjectVersion> {
    for (const { newest } of this.#slots.values()) {
      if (newest && !newest.deleted) yield newest
    }
  }

  /** The committed versions, ordered by namespace and name. */
  list(): ObjectVersion[] {
    if (this.#gone > 0) this.#prune()
    // Sorting what is nearly sorted is linear.
    if (this.#added.size > 0)
      this.#sorted = [...this.#sorted, ...[...this.#added].sort(byName)].sort(byName)
    this.#added.clear()
    return this.#sorted.flatMap(({ committed }) => committed ?? [])
  }
}

function file(index: Map<string, Set<Slot>>, value: string, slot: Slot): void {
  const slots = index.get(value)
  if (slots) slots.add(slot)
  else index.set(value, new Set([slot]))
}

function forget(index: Map<string, Set<Slot>>, value: string, slot: Slot): void {
  const slots = index.get(value)
  slots?.delete(slot)
  if (slots?.size === 0) index.delete(value)
}

function idOf({ namespace, name }: Key): string {
  return `${namespace}/${name}`
}

function byName({ key: a }: Slot, { key: b }: Slot): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1
  return a.name < b.name ? -1 : Number(a.name > b.name)
}
