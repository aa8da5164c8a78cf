/** A commit for which the disk has no room. One of the two is to be called, once. */
export interface Delayed {
  /** Tries it again; when there is still no room, that is told before this returns. */
  again(): void
  /** As if nobody had been told: the store has failed. */
  giveUp(): void
}

/** SQLITE_FULL; SQLITE_IOERR_SHMSIZE is the same of the file that its processes share. */
const full: readonly unknown[] = [13, 4874]

/** True for SQLite's errors that more room would have spared. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && full.includes(error.errcode)
}
