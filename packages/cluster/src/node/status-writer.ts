import type { Clock } from '@argosy/kube'

/**
 * Holds status writes back for a moment, all with one timer: a container that starts and ends within it costs one write.
 */
export class StatusWriter {
  readonly #clock: Clock
  readonly #delayMs: number
  readonly #signal: AbortSignal
  #due = new Set<() => void>()
  #armed = false

  constructor(clock: Clock, delayMs: number, signal: AbortSignal) {
    this.#clock = clock
    this.#delayMs = delayMs
    this.#signal = signal
  }

  /** Calls `write` soon, once, however often it was asked for meanwhile. */
  later(write: () => void): void {
    this.#due.add(write)
    if (this.#armed) return
    this.#armed = true
    this.#clock.until(this.#clock.now() + this.#delayMs, this.#signal).then(
      () => this.#flush(),
      () => undefined,
    )
  }

  cancel(write: () => void): void {
    this.#due.delete(write)
  }

  #flush(): void {
    const due = this.#due
    this.#due = new Set()
    this.#armed = false
    for (const write of due) write()
  }
}
