import { compareOrder, type Order } from './order.ts'

/** The lifecycle hooks of one node. */
export interface Watch {
  readonly order: Order
  /** A hook should fire and found no place. */
  readonly hungry: boolean
  /** Nothing changes its node any more. */
  readonly isSettled: boolean
  /** Fires what should fire, or lets go on who waits for the hooks, when they are over. */
  look(): Looked
}

export type Looked = 'nothing' | 'fired' | 'over'

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
    let [moved, goesOn] = [false, false]
    for (const watch of [...due].sort((a, b) => compareOrder(a.order, b.order))) {
      // Whoever waited goes on first: what is around it may end in this very pass.
      if (goesOn && !watch.isSettled) {
        this.#dirty.add(watch)
        continue
      }
      const looked = watch.look()
      if (looked !== 'nothing') moved = true
      if (looked === 'over') goesOn = true
      if (watch.hungry) this.#hungry.add(watch)
      else this.#hungry.delete(watch)
    }
    return moved
  }
}
