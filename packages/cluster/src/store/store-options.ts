import type { Window } from './compactor.ts'
import type { Delayed } from './delayed.ts'
import type { Sync } from './log.ts'

export interface StoreOptions {
  /** Where the file lives; without it everything is in memory and lost at the end. */
  readonly directory?: string
  /** A commit failed: what is in memory was never true. Must end the process; restart is recovery. */
  readonly fatal: (error: Error) => void
  /** Told of a commit for which the disk has no room, until it is tried again: nothing of it is lost. Default: that is `fatal`. */
  readonly onFull?: (commit: Delayed) => void
  /** How much of the past is kept for watchers who come late. */
  readonly window?: Window
  /** How many changes a watcher may be behind. */
  readonly backlog?: number
  /**
   * Makes what has been written to a file durable; default: `adaptiveSync`. `never` is for a directory
   * that nobody will open again: it outlives this process, and not its machine.
   */
  readonly sync?: Sync | 'never'
  /** Told of each commit: how many rows it had, and how long it took. */
  readonly onCommit?: (rows: number, ms: number) => void
}
