import type { Change } from './feed.ts'
import type { Row } from './log.ts'
import type { Slot } from './slot.ts'

/** The writes of one turn. */
export interface Batch {
  readonly rows: Row[]
  readonly slots: Slot[]
  readonly changes: Change[]
  readonly done: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export function newBatch(): Batch {
  let resolve = () => {}
  let reject = (_: Error) => {}
  const done = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // Nobody may be waiting.
  done.catch(() => undefined)
  return { rows: [], slots: [], changes: [], done, resolve, reject }
}
