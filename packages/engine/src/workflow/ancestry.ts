/** How many are looked at from below before it is worth knowing all that comes after somebody. */
const near = 256
/** Of so many it is kept who comes after them. */
const mostKept = 8

type Neighbours = (name: string) => readonly string[]

/**
 * Who comes before whom in a DAG. What is near is found by looking; of what is far away, as the first task that all others
 * ask for, it is kept who comes after it: else each of n tasks would look at all before it.
 */
export class Ancestry {
  readonly #needs: Neighbours
  readonly #dependents: Neighbours
  readonly #after = new Map<string, ReadonlySet<string>>()

  constructor(graph: { readonly needs: Neighbours; readonly dependents: Neighbours }) {
    this.#needs = graph.needs
    this.#dependents = graph.dependents
  }

  /** All that come before it, the nearest first. */
  before(name: string): Iterable<string> {
    return reach(name, this.#needs)
  }

  /** Those of `names` that come before `name`. */
  among(names: ReadonlySet<string>, name: string): readonly string[] {
    const left = new Set(names)
    left.delete(name)
    const found: string[] = []
    let looked = 0
    for (const one of this.before(name)) {
      if (left.delete(one)) found.push(one)
      if (left.size === 0) return found
      looked += 1
      if (looked === near) break
    }
    if (looked < near) return found
    return [...found, ...[...left].filter((one) => this.#comesAfter(one).has(name))]
  }

  comesBefore(one: string, name: string): boolean {
    return this.among(new Set([one]), name).length > 0
  }

  #comesAfter(name: string): ReadonlySet<string> {
    const after = this.#after.get(name) ?? new Set(reach(name, this.#dependents))
    // The one that was asked for last is the last to go.
    this.#after.delete(name)
    this.#after.set(name, after)
    const [oldest = ''] = this.#after.keys()
    if (this.#after.size > mostKept) this.#after.delete(oldest)
    return after
  }
}

function* reach(name: string, next: Neighbours): Generator<string> {
  const found = new Set(next(name))
  for (const one of found) {
    yield one
    for (const further of next(one)) found.add(further)
  }
}
