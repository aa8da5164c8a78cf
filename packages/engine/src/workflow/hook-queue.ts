import { compareOrder, type Order } from './order.ts'

/** The lifecycle hooks of one node. */
export interface Watch {
  readonly order: Order
  /** A hook should fire and found no place. */
  readonly hungry: boolean
  /** Takes up what has fired already, and lets go on who waits for the hooks, when they are over. */
  settle(): Settled
  /** Fires what should fire; true when anything came of it. */
  fire(): boolean
}

export type Settled = 'nothing' | 'moved' | 'due'

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
    const { moved, due } = this.#settle()
    // Whoever waited goes on first: what it stands in, and other hooks with it, may end in this very pass.
    if (moved) {
      for (const watch of due) this.#dirty.add(watch)
      return true
    }
    return due.filter((watch) => this.#fire(watch)).length > 0
  }

  #settle(): { readonly moved: boolean; readonly due: readonly Watch[] } {
    const due: Watch[] = []
    let moved = false
    for (const watch of this.#take()) {
      const settled = watch.settle()
      if (settled === 'moved') moved = true
      if (settled === 'due') due.push(watch)
      else this.#hungry.delete(watch)
    }
    return { moved, due }
  }

  #take(): readonly Watch[] {
    const all = new Set([...this.#dirty, ...this.#hungry])
    if (this.standing !== undefined) all.add(this.standing)
    this.#dirty.clear()
    return [...all].sort((a, b) => compareOrder(a.order, b.order))
  }

  #fire(watch: Watch): boolean {
    const fired = watch.fire()
    if (watch.hungry) this.#hungry.add(watch)
    else this.#hungry.delete(watch)
    return fired
  }
}
