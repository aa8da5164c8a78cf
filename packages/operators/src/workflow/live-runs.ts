import type { Clock } from '@argosy/kube'

interface Entry<T> {
  readonly value: T
  /** When it was last used. */
  at: number
}

export interface LiveRunsOptions<T> {
  readonly clock: Clock
  /** What one costs, in nodes. */
  readonly weightOf: (value: T) => number
  /** Whether it can be loaded again at any time. */
  readonly mayRest: (value: T) => boolean
  /** Below this weight in all nobody has to rest; default 10,000. */
  readonly most?: number
}

/** How long a run must have been idle before it rests. */
export const idleMs = 10_000

/**
 * The runs that are in memory. What waits for something far away (an approval, a long step) rests when memory is dear:
 * it is forgotten here, and loaded again from what is persisted when something happens to it.
 */
export class LiveRuns<T> {
  readonly #options: LiveRunsOptions<T>
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<T>>()
  readonly #end = new AbortController()
  #armed = false

  constructor(options: LiveRunsOptions<T>) {
    this.#options = options
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.value
  }

  set(key: string, value: T): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, at: this.#options.clock.now() })
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  keys(): readonly string[] {
    return [...this.#entries.keys()]
  }

  /** A pass over it has ended. */
  used(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    entry.at = this.#options.clock.now()
    this.#entries.set(key, entry)
    this.#watch()
  }

  [Symbol.dispose](): void {
    this.#end.abort()
  }

  #watch(): void {
    if (this.#armed) return
    this.#armed = true
    const { clock } = this.#options
    clock.until(clock.now() + idleMs, this.#end.signal).then(
      () => {
        this.#armed = false
        if (this.#rest()) this.#watch()
      },
      () => undefined,
    )
  }

  /** True while there are some that may have to rest later. */
  #rest(): boolean {
    const { clock, weightOf, mayRest, most = 10_000 } = this.#options
    let weight = 0
    for (const { value } of this.#entries.values()) weight += weightOf(value)
    const before = clock.now() - idleMs
    for (const [key, { value, at }] of this.#entries) {
      if (weight <= most) return false
      if (at > before) return true
      if (!mayRest(value)) continue
      this.#entries.delete(key)
      weight -= weightOf(value)
    }
    return false
  }
}
