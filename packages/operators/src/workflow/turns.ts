import type { Clock, QueueMeter } from '@argosy/kube'

/** One pass over a key; resolves to the time of the next one, when there must be one without any news. */
export type Pass = (key: string) => Promise<number | undefined>

interface TurnsOptions {
  readonly clock: Clock
  /** A pass threw; it will be repeated. */
  readonly failed: (key: string, error: unknown) => void
  readonly meter?: QueueMeter
}

const backoffMs = [10, 50, 200, 1000, 3000, 10_000]

/**
 * Gives keys their turn: never two passes of one key at a time, everything that was added during one turn of the
 * event loop in one pass, and a key whose pass threw again after a while.
 */
export class Turns {
  readonly #pass: Pass
  readonly #options: TurnsOptions
  /** Since when. */
  readonly #ready = new Map<string, number>()
  readonly #busy = new Map<string, Promise<void>>()
  readonly #failures = new Map<string, number>()
  readonly #alarms = new Map<string, AbortController>()
  #draining = false
  #closed = false

  constructor(pass: Pass, options: TurnsOptions) {
    this.#pass = pass
    this.#options = options
  }

  add(key: string): void {
    if (this.#closed) return
    if (!this.#ready.has(key)) {
      this.#ready.set(key, this.#options.clock.now())
      this.#options.meter?.added()
    }
    this.#schedule()
  }

  /** No pass is due any more, unless somebody adds the key again. */
  forget(key: string): void {
    if (this.#ready.delete(key)) this.#options.meter?.dropped(1)
    this.#failures.delete(key)
    this.#silence(key)
  }

  /** Starts nothing more and waits for the passes under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const key of [...this.#alarms.keys()]) this.#silence(key)
    await Promise.all(this.#busy.values())
  }

  #schedule(): void {
    if (this.#draining) return
    this.#draining = true
    // Not a microtask: what other watches have to say about the same commit is heard first.
    setImmediate(() => {
      this.#draining = false
      if (!this.#closed) this.#drain()
    })
  }

  #drain(): void {
    const now = this.#options.clock.now()
    for (const [key, since] of [...this.#ready]) {
      if (this.#busy.has(key)) continue
      this.#ready.delete(key)
      this.#options.meter?.taken(now - since)
      this.#silence(key)
      this.#busy.set(key, this.#turn(key))
    }
  }

  async #turn(key: string): Promise<void> {
    const { clock, meter } = this.#options
    const begin = clock.now()
    try {
      const wakeAt = await this.#pass(key)
      this.#failures.delete(key)
      if (wakeAt !== undefined) this.#wake(key, wakeAt)
    } catch (error) {
      if (!this.#closed) this.#again(key, error)
    }
    this.#busy.delete(key)
    meter?.done(clock.now() - begin)
    if (this.#ready.size > 0) this.#schedule()
  }

  #again(key: string, error: unknown): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    const pause = backoffMs[Math.min(failures, backoffMs.length - 1)] ?? 0
    this.#options.meter?.retried()
    this.#options.failed(key, error)
    this.#wake(key, this.#options.clock.now() + pause)
  }

  #wake(key: string, at: number): void {
    this.#silence(key)
    if (this.#closed) return
    const alarm = new AbortController()
    this.#alarms.set(key, alarm)
    this.#options.clock.until(at, alarm.signal).then(
      () => {
        this.#alarms.delete(key)
        this.add(key)
      },
      () => undefined,
    )
  }

  #silence(key: string): void {
    this.#alarms.get(key)?.abort()
    this.#alarms.delete(key)
  }
}
