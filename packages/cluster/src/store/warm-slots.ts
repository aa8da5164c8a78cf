import type { Slot } from './slot.ts'

/** How many objects may be warm: more than are at work at a time, few enough to weigh nothing. */
const room = 512

/**
 * The objects that were changed last. A warm one keeps its draft and its chain of patches, so that a change costs its own
 * size; one that falls cold is made whole, which lets go of both: of what only lies there, half of the memory.
 */
export class WarmSlots {
  readonly #slots = new Set<Slot>()

  touch(slot: Slot): void {
    this.#slots.delete(slot)
    this.#slots.add(slot)
    if (this.#slots.size <= room) return
    const [oldest] = this.#slots
    if (oldest === undefined) return
    this.#slots.delete(oldest)
    cool(oldest)
  }

  /** It is gone. */
  drop(slot: Slot): void {
    this.#slots.delete(slot)
  }
}

function cool(slot: Slot): void {
  if (slot.newest && !slot.newest.deleted) void slot.newest.value
  slot.draft = undefined
  slot.chainBytes = 0
}
