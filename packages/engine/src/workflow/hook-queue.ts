import { compareOrder, type Order } from './order.ts'

/** The lifecycle hooks of one node. */
export interface Watch {
  readonly order: Order
  /** A hook should fire and found no place. */
  readonly hungry: boolean
  /** Fires what should fire; true when anything came of it. */
  look(): boolean
}

/**
 * Lifecycle hooks are looked at when nothing can go on by itself, so that they see what a pass leads to and not what it
 * goes through; in the order of the tree, a node after all that is in it.
 */
export class HookQueue {
  readonly #dirty = new Set<Watch>()
  readonly #hungry = new Set<Watch>()
  /** Those of the workflow itself: its outputs and failures may change at any time. */
  standing: Watch | undefined

  /** A hook waits for a place. */
  get isHungry(): boolean {
    return this.#hungry.size > 0
  }

  /** Something has changed that its hooks may ask for. */
  add(watch: Watch): void {
    this.#dirty.add(watch)
  }

  /** True when anything came of it: then others may be able to go on. */
  look(): boolean {
    const due = new Set([...this.#dirty, ...this.#hungry])
    if (this.standing !== undefined) due.add(this.standing)
    this.#dirty.clear()
    let moved = false
    for (const watch of [...due].sort((a, b) => compareOrder(a.order, b.order))) {
      if (watch.look()) moved = true
      if (watch.hungry) this.#hungry.add(watch)
      else this.#hungry.delete(watch)
    }
    return moved
  }
}
