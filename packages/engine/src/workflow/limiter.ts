import { Heap } from './heap.ts'
import { compareOrder, type Order } from './order.ts'

/** Something that could not start yet; `retry` tries again and may put itself back. */
export interface Waiter {
  readonly order: Order
  retry(): void
}

/**
 * Waiting for a scarce place, in the order of the tree: freeing a place costs O(log waiting).
 * Whoever owns the run admits the waiters (`RunState.settle`), so that the first of all limiters goes first.
 */
export class Limiter {
  queued = false
  /** Whether there is any limit at all. */
  readonly limits: boolean
  readonly #isFull: () => boolean
  readonly #freed: (limiter: Limiter) => void
  readonly #waiting = new Heap<Waiter>((a, b) => compareOrder(a.order, b.order))
  readonly #members = new Set<Waiter>()

  constructor(options: {
    readonly limits: boolean
    readonly isFull: () => boolean
    /** A place may have been given back. */
    readonly freed?: (limiter: Limiter) => void
  }) {
    this.limits = options.limits
    this.#isFull = options.isFull
    this.#freed = options.freed ?? (() => undefined)
  }

  get isFull(): boolean {
    return this.#isFull()
  }

  get size(): number {
    return this.#members.size
  }

  /** The first in line, when there is room for it. */
  get next(): Waiter | undefined {
    return this.#isFull() ? undefined : this.#waiting.peek()
  }

  wait(waiter: Waiter): void {
    if (this.#members.has(waiter)) return
    this.#members.add(waiter)
    this.#waiting.push(waiter)
  }

  progress(): void {
    this.#freed(this)
  }

  /** Lets the first in line try. */
  admit(): void {
    const waiter = this.#waiting.pop()
    if (waiter === undefined) return
    this.#members.delete(waiter)
    waiter.retry()
  }
}
