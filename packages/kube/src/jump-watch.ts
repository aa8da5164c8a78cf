export interface Ways {
  /** The time of day, in milliseconds. */
  readonly now: () => number
  /** Milliseconds that the machine was awake, from any beginning. */
  readonly elapsed: () => number
  /** Calls once, `ms` awake milliseconds later; gives back what prevents it. */
  readonly later: (ms: number, call: () => void) => () => void
}

/** How late somebody may learn of a jump. */
const glanceMs = 5_000
const jumpMs = 500

/**
 * Tells those who wait for a time of day that it came nearer by itself: the clock was set forward, or the machine slept.
 * Timers count awake time only, so a wait for the next morning would end as much later as a laptop was closed.
 */
export class JumpWatch {
  readonly #ways: Ways
  readonly #waiting = new Set<() => void>()
  #offset = 0
  #stop: (() => void) | undefined

  constructor(ways: Ways) {
    this.#ways = ways
  }

  /** Waits shorter than this end soon enough by themselves. */
  get shortest(): number {
    return glanceMs
  }

  /** Calls `wake` at each jump, until what is returned is called. */
  watch(wake: () => void): () => void {
    this.#waiting.add(wake)
    if (!this.#stop) {
      this.#offset = this.#measure()
      this.#glanceLater()
    }
    return () => {
      this.#waiting.delete(wake)
      if (this.#waiting.size > 0) return
      this.#stop?.()
      this.#stop = undefined
    }
  }

  #measure(): number {
    return this.#ways.now() - this.#ways.elapsed()
  }

  #glanceLater(): void {
    this.#stop = this.#ways.later(glanceMs, () => {
      const offset = this.#measure()
      const jumped = offset - this.#offset > jumpMs
      this.#offset = offset
      this.#glanceLater()
      if (jumped) for (const wake of [...this.#waiting]) wake()
    })
  }
}
