import type { Order } from '../order.ts'

/** Somebody who needs locks: a workflow (`ns/name`) or a node of one (`ns/name/id`). */
export interface LockRequest {
  readonly holder: string
  readonly locks: readonly WantedLock[]
  /** Of the workflow. */
  readonly priority: number
  /** Of the workflow, RFC 3339. */
  readonly createdAt: string
  /** The place of the node in its workflow. */
  readonly order: Order
}

interface WantedLock {
  readonly name: string
  /** Undefined when nobody knows (a semaphore without its ConfigMap): then the last one that was known counts. */
  readonly limit: number | undefined
}

export type LockAnswer =
  | { readonly kind: 'granted' }
  /** It stands in line; `lock` is the first that is not to be had. */
  | { readonly kind: 'waiting'; readonly lock: string; readonly message: string }
  | { readonly kind: 'refused'; readonly problem: string }

/** What a run may ask of the locks that all workflows share. An answer is good at once and until it is given back. */
export interface LockDoor {
  /** Takes all or none. Asking again is harmless, and is how one learns that one's turn has come. */
  ask(request: LockRequest): LockAnswer
  /** Says that the holder has them already, whatever the limit: it was persisted so. */
  keep(request: LockRequest): void
  /**
   * Says that the holder is done. Until the write that says so is through its place is kept from other workflows, not
   * from its own: the result is who of those may go on with it at once.
   */
  giveBack(holder: string): readonly string[]
  holdersOf(lock: string): readonly string[]
}
