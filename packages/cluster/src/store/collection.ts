import type { Key, ObjectVersion } from './object-version.ts'
import type { Slot } from './slot.ts'

/** The objects of one resource. */
export class Collection {
  readonly #slots = new Map<string, Slot>()
  #sorted: Slot[] = []
  #added: Slot[] = []
  #isStale = false

  get(key: Key): Slot | undefined {
    return this.#slots.get(idOf(key))
  }

  add(slot: Slot): Slot {
    this.#slots.set(idOf(slot.key), slot)
    this.#added.push(slot)
    return slot
  }

  delete(slot: Slot): void {
    if (this.#slots.get(idOf(slot.key)) === slot) this.#slots.delete(idOf(slot.key))
    this.#isStale = true
  }

  /** The newest versions, committed or not, in no order. */
  *newest(): Iterable<ObjectVersion> {
    for (const { newest } of this.#slots.values()) {
      if (newest && !newest.deleted) yield newest
    }
  }

  /** The committed versions, ordered by namespace and name. */
  list(): ObjectVersion[] {
    if (this.#isStale) this.#sorted = this.#sorted.filter((slot) => this.get(slot.key) === slot)
    if (this.#isStale) this.#added = this.#added.filter((slot) => this.get(slot.key) === slot)
    this.#isStale = false
    // Sorting what is nearly sorted is linear.
    if (this.#added.length > 0)
      this.#sorted = [...this.#sorted, ...this.#added.sort(byName)].sort(byName)
    this.#added = []
    return this.#sorted.flatMap(({ committed }) => committed ?? [])
  }
}

function idOf({ namespace, name }: Key): string {
  return `${namespace}/${name}`
}

function byName({ key: a }: Slot, { key: b }: Slot): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1
  return a.name < b.name ? -1 : Number(a.name > b.name)
}
