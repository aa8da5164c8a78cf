import { Heap } from './heap.ts'
import { compareOrder, type Order } from './order.ts'

/** Something that could not start yet; `retry` tries again and may put itself back. */
export interface Waiter {
  readonly order: Order
  retry(): void
}

/** Waiting for a scarce place, in the order of the tree: freeing a place costs O(log waiting). */
export class Limiter {
  queued = false
  readonly #isFull: () => boolean
  readonly #waiting = new Heap<Waiter>((a, b) => compareOrder(a.order, b.order))
  readonly #members = new Set<Waiter>()

  constructor(isFull: () => boolean) {
    this.#isFull = isFull
  }

  get isFull(): boolean {
    return this.#isFull()
  }

  get size(): number {
    return this.#members.size
  }

  wait(waiter: Waiter): void {
    if (this.#members.has(waiter)) return
    this.#members.add(waiter)
    this.#waiting.push(waiter)
  }

  progress(): void {
    this.admit()
  }

  /** Lets as many waiters try as there is room for; each tries at most once. */
  admit(): void {
    for (let tries = this.#members.size; tries > 0 && !this.#isFull(); tries--) {
      const waiter = this.#waiting.pop()
      if (waiter === undefined) return
      this.#members.delete(waiter)
      waiter.retry()
    }
  }
}
