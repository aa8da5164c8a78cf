import type { JsonObject, Quantity } from '@argosy/engine'
import type { Store } from '../../store/store.ts'
import { objectAt } from '../parts/table/at.ts'
import { type Amounts, plus, takenBy, zero } from './quotas.ts'

/** What is counted: also what is not committed yet. */
export type Counted = Pick<Store, 'newest' | 'newestIn' | 'list' | 'witness'>

/** The objects of one collection in one namespace. */
interface Place {
  readonly namespace: string
  readonly collection: string
}

/** How much of quotas is used. */
class QuotaUse {
  readonly #store: Counted
  readonly #counts = new Map<string, Count>()

  constructor(store: Counted) {
    this.#store = store
    store.witness((key) => {
      if (this.#counts.size > 0) this.#counts.get(idOf(key))?.touch(key.name)
    })
  }

  /**
   * How much of a quota with some `spec` is used by what is there; `quotas` are all of the namespace. The first look reads
   * all objects of the place; each that follows reads those that have been written since.
   */
  at(place: Place, quotas: readonly JsonObject[]): (spec: JsonObject) => Amounts {
    const id = idOf(place)
    const count = this.#counts.get(id) ?? new Count(this.#store, place)
    this.#counts.set(id, count)
    return count.of(quotas.map((quota) => textOf(objectAt(quota, 'spec'))))
  }

  /** There are no quotas any more. */
  forget(place: Place): void {
    if (this.#counts.size > 0) this.#counts.delete(idOf(place))
  }
}

function idOf({ namespace, collection }: Place): string {
  return `${namespace}/${collection}`
}

/** Quotas that say the same count the same. */
function textOf(spec: JsonObject): string {
  return JSON.stringify(spec)
}

class Count {
  readonly #store: Counted
  readonly #place: Place
  readonly #tallies = new Map<string, Tally>()
  readonly #touched = new Set<string>()

  constructor(store: Counted, place: Place) {
    this.#store = store
    this.#place = place
  }

  touch(name: string): void {
    this.#touched.add(name)
  }

  /** `specs` are those that are still asked for. */
  of(specs: readonly string[]): (spec: JsonObject) => Amounts {
    for (const known of this.#tallies.keys())
      if (!specs.includes(known)) this.#tallies.delete(known)
    for (const name of this.#touched) {
      const object = this.#store.newest({ ...this.#place, name })?.value
      for (const tally of this.#tallies.values()) tally.put(name, object as JsonObject | undefined)
    }
    this.#touched.clear()
    return (spec) => this.#tally(spec).sums
  }

  #tally(spec: JsonObject): Tally {
    const text = textOf(spec)
    const known = this.#tallies.get(text)
    if (known) return known
    const { namespace, collection } = this.#place
    const tally = new Tally(spec, collection)
    for (const one of this.#store.newestIn(collection)) {
      if (one.namespace === namespace) tally.put(one.name, one.value as unknown as JsonObject)
    }
    this.#tallies.set(text, tally)
    return tally
  }
}

/** Sums, and what each object has added to them. */
class Tally {
  readonly sums = new Map<string, Quantity>()
  readonly #taken = new Map<string, Amounts>()
  readonly #spec: JsonObject
  readonly #collection: string

  constructor(spec: JsonObject, collection: string) {
    this.#spec = spec
    this.#collection = collection
  }

  /** An object as it is now; undefined: it is gone. */
  put(name: string, object: JsonObject | undefined): void {
    for (const [resource, amount] of this.#taken.get(name) ?? []) {
      this.sums.set(resource, minus(this.sums.get(resource) ?? zero, amount))
    }
    const amounts = object && takenBy({ collection: this.#collection, object }, this.#spec)
    if (amounts === undefined || amounts.size === 0) {
      this.#taken.delete(name)
      return
    }
    this.#taken.set(name, amounts)
    for (const [resource, amount] of amounts) {
      this.sums.set(resource, plus(this.sums.get(resource) ?? zero, amount))
    }
  }
}

function minus(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano - b.nano, format: a.format }
}

const uses = new WeakMap<Counted, QuotaUse>()

/** The one of a store. */
export function quotaUse(store: Counted): QuotaUse {
  const use = uses.get(store) ?? new QuotaUse(store)
  uses.set(store, use)
  return use
}
