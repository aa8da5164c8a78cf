import type { Clock } from './clock.ts'
import { DueHeap } from './due-heap.ts'
import type { QueueMeter } from './metrics/queue-meters.ts'

export interface QueueOptions {
  readonly clock: Clock
  /** The first pause after a failure; it doubles up to `maxBackoffMs`. */
  readonly minBackoffMs?: number
  readonly maxBackoffMs?: number
  readonly meter?: QueueMeter
}

/**
 * Keys that want work.
 *
 * 1. A key that waits is in the queue once, however often it was added.
 * 2. A key that is being worked on is not handed out again until `done`; if it was added meanwhile, it follows then.
 */
export class Queue {
  readonly #clock: Clock
  readonly #minBackoffMs: number
  readonly #maxBackoffMs: number
  readonly #meter: QueueMeter | undefined
  /** Since when. */
  readonly #waiting = new Map<string, number>()
  readonly #active = new Map<string, number>()
  readonly #again = new Set<string>()
  readonly #failures = new Map<string, number>()
  readonly #delayed = new DueHeap()
  readonly #takers: ((key: string | undefined) => void)[] = []
  #alarm: { readonly at: number; readonly stop: AbortController } | undefined
  #closed = false

  constructor(options: QueueOptions) {
    this.#clock = options.clock
    this.#meter = options.meter
    this.#minBackoffMs = options.minBackoffMs ?? 5
    this.#maxBackoffMs = options.maxBackoffMs ?? 60_000
  }

  /** How many could be taken now. */
  get length(): number {
    return this.#waiting.size
  }

  add(key: string): void {
    if (this.#closed) return
    if (this.#active.has(key)) this.#again.add(key)
    else if (!this.#waiting.has(key)) {
      this.#waiting.set(key, this.#clock.now())
      this.#meter?.added()
      this.#serve()
    }
  }

  /** Adds the key at a time, whatever happens before; of two times the earlier one counts. */
  addAt(key: string, at: number): void {
    if (this.#closed) return
    if (at <= this.#clock.now()) this.add(key)
    else {
      this.#delayed.add(key, at)
      this.#setAlarm()
    }
  }

  /** Adds the key after a pause that doubles with each failure in a row. */
  retry(key: string): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.#meter?.retried()
    const pause = Math.min(this.#minBackoffMs * 2 ** failures, this.#maxBackoffMs)
    this.addAt(key, this.#clock.now() + pause)
  }

  /** Forgets the failures in a row. */
  forget(key: string): void {
    this.#failures.delete(key)
  }

  /** The next key, when there is one; undefined when the queue is closed. Each must be given back with `done`. */
  take(): Promise<string | undefined> {
    const [key] = this.#waiting.keys()
    if (key !== undefined) return Promise.resolve(this.#hand(key))
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => this.#takers.push(resolve))
  }

  done(key: string): void {
    const begin = this.#active.get(key)
    this.#active.delete(key)
    if (begin !== undefined) this.#meter?.done(this.#clock.now() - begin)
    if (this.#again.delete(key)) this.add(key)
  }

  /** Nothing more comes in, nobody waits any longer. */
  close(): void {
    this.#closed = true
    this.#alarm?.stop.abort()
    this.#meter?.dropped(this.#waiting.size)
    this.#waiting.clear()
    for (const taker of this.#takers.splice(0)) taker(undefined)
  }

  #hand(key: string): string {
    const now = this.#clock.now()
    this.#meter?.taken(now - (this.#waiting.get(key) ?? now))
    this.#waiting.delete(key)
    this.#active.set(key, now)
    return key
  }

  #serve(): void {
    const [key] = this.#waiting.keys()
    const taker = key === undefined ? undefined : this.#takers.shift()
    if (key !== undefined && taker) taker(this.#hand(key))
  }

  #setAlarm(): void {
    const at = this.#delayed.next
    if (this.#closed || at === undefined || (this.#alarm && this.#alarm.at <= at)) return
    this.#alarm?.stop.abort()
    const stop = new AbortController()
    this.#alarm = { at, stop }
    this.#clock.until(at, stop.signal).then(
      () => this.#ring(),
      () => undefined,
    )
  }

  #ring(): void {
    this.#alarm = undefined
    for (const key of this.#delayed.take(this.#clock.now())) this.add(key)
    this.#setAlarm()
  }
}
