import type { LockRequest } from '../locks/lock-door.ts'
import { shownName } from '../locks/lock-item.ts'
import { workflowOf } from '../locks/locks.ts'
import { compareOrder } from '../order.ts'

/** Who holds what and who waits, as it was when a pass began. */
export interface LockSnapshot {
  readonly limits: ReadonlyMap<string, number | undefined>
  readonly holders: ReadonlyMap<string, readonly string[]>
  /** Who waits for anything. */
  readonly line: readonly LockRequest[]
}

export type BookAnswer =
  | 'granted'
  | { readonly problem: string }
  | { readonly lock: string; readonly message: string }

/** The locks of a pass of one workflow, by their rules and nothing else: every answer looks at everybody who waits. */
export class LockBook {
  readonly #own: string
  readonly #limits: Map<string, number | undefined>
  readonly #holders = new Map<string, Set<string>>()
  #line: LockRequest[]
  /** Done in this pass: their places are free for their own workflow only. */
  readonly gone = new Set<string>()

  constructor(snapshot: LockSnapshot, own: string) {
    this.#own = own
    this.#limits = new Map(snapshot.limits)
    for (const [name, holders] of snapshot.holders) this.#holders.set(name, new Set(holders))
    this.#line = snapshot.line.toSorted(compare)
  }

  ask(request: LockRequest): BookAnswer {
    const { holder, locks } = request
    const unknown = locks.find(({ name, limit }) => !limit && !this.#limits.has(name))
    if (unknown)
      return { problem: `failed to initialize semaphore ${shownName(unknown.name)} with limit` }
    for (const { name, limit } of locks) this.#limits.set(name, limit ?? this.#limits.get(name))
    if (!locks.every(({ name }) => this.#of(name).has(holder))) {
      this.#line = [...this.#line.filter((other) => other.holder !== holder), request].sort(compare)
      if (this.#mayGo(request)) this.#take(request)
    }
    return this.#lacking(request) ?? 'granted'
  }

  /** Nobody waits or holds by that name any more. */
  giveBack(holder: string): void {
    const held = [...this.#holders.values()].some((holders) => holders.has(holder))
    const waited = this.#line.some((other) => other.holder === holder)
    if (!held && !waited) return
    this.#line = this.#line.filter((other) => other.holder !== holder)
    this.gone.add(holder)
    for (const next of this.#line.filter((one) => workflowOf(one.holder) === this.#own)) {
      if (this.#mayGo(next)) this.#take(next)
    }
  }

  holdersOf(name: string): readonly string[] {
    return [...this.#of(name)].filter((holder) => !this.gone.has(holder)).sort()
  }

  /** What its own nodes have: lock and holder. */
  held(): readonly (readonly [string, string])[] {
    return [...this.#holders].flatMap(([name, holders]) =>
      [...holders]
        .filter((holder) => workflowOf(holder) === this.#own && !this.gone.has(holder))
        .map((holder) => [name, holder] as const),
    )
  }

  /** What its own nodes wait for. */
  wanted(): readonly string[] {
    const own = this.#line.filter(({ holder }) => workflowOf(holder) === this.#own)
    return [...new Set(own.flatMap(({ locks }) => locks.map(({ name }) => name)))]
  }

  #of(name: string): Set<string> {
    const holders = this.#holders.get(name) ?? new Set<string>()
    this.#holders.set(name, holders)
    return holders
  }

  #mayGo({ holder, locks }: LockRequest): boolean {
    return locks.every(
      ({ name }) => this.#of(name).has(holder) || (this.#hasRoom(name) && this.#isFirst(name)),
    )
  }

  #hasRoom(name: string): boolean {
    const staying = [...this.#of(name)].filter((holder) => !this.#leaves(holder))
    return staying.length < (this.#limits.get(name) ?? 0)
  }

  #leaves(holder: string): boolean {
    return this.gone.has(holder) && workflowOf(holder) === this.#own
  }

  #isFirst(name: string): boolean {
    const first = this.#line.find(({ locks }) => locks.some((lock) => lock.name === name))
    return first !== undefined && workflowOf(first.holder) === this.#own
  }

  #take({ holder, locks }: LockRequest): void {
    this.#line = this.#line.filter((other) => other.holder !== holder)
    for (const { name } of locks) {
      const holders = this.#of(name)
      const leaving = [...holders].find((one) => this.#leaves(one))
      if (holders.size >= (this.#limits.get(name) ?? 0) && leaving) holders.delete(leaving)
      holders.add(holder)
    }
  }

  #lacking({ holder, locks }: LockRequest): Exclude<BookAnswer, 'granted'> | undefined {
    for (const { name } of locks) {
      const limit = this.#limits.get(name) ?? 0
      const holders = this.#of(name)
      if (holders.has(holder)) continue
      const lock = shownName(name)
      if (limit === 0 && lock === name) {
        return { lock, message: `Failed to get semaphore limit for ${name}` }
      }
      if (this.#hasRoom(name) && this.#isFirst(name)) continue
      return { lock, message: `Waiting for ${waitedFor(name, holders.size, limit)}` }
    }
    return undefined
  }
}

/** Of the database it is said how many have it, of any other lock how many more may. */
function waitedFor(name: string, holders: number, limit: number): string {
  const lock = shownName(name)
  if (lock === name) return `${name} lock. Lock status: ${limit - holders}/${limit}`
  return `${lock} lock (${name.replace(/^db:/, '')}). Lock status: ${holders}/${limit}`
}

function compare(a: LockRequest, b: LockRequest): number {
  return (
    b.priority - a.priority ||
    text(a.createdAt, b.createdAt) ||
    text(workflowOf(a.holder), workflowOf(b.holder)) ||
    compareOrder(a.order, b.order) ||
    text(a.holder, b.holder)
  )
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
