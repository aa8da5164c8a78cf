import type { StatementSync } from 'node:sqlite'
import { type Log, type RowKind, rowKind } from './log.ts'

/** How much of the past is kept for late watchers. */
export interface Window {
  readonly rows: number
  readonly bytes: number
}

interface Head {
  readonly revision: number
  readonly kind: RowKind
  readonly previous: number
  readonly bytes: number
}

/**
 * Drops what nobody can ask for any more, a few rows with each commit, so that no pause grows with the log.
 *
 * 1. The horizon moves up row by row; a watch from before it is refused.
 * 2. When it passes a snapshot or a deletion, the rows of that object before it are dropped, newest first.
 * 3. So the state of every object at any revision from the horizon on can be rebuilt, and a crash loses no progress.
 */
export class Compactor {
  readonly #window: Window
  readonly #next: StatementSync
  readonly #row: StatementSync
  readonly #drop: StatementSync
  readonly #relink: StatementSync
  readonly #save: StatementSync
  #horizon: number
  /** The snapshot or deletion whose past is being dropped; 0: none. */
  #walking: number
  #newest: number
  #bytes: number

  constructor(log: Log, window: Window) {
    const { database } = log
    const head = 'revision, kind, previous, octet_length(body) AS bytes'
    this.#window = window
    this.#next = database.prepare(
      `SELECT ${head} FROM log WHERE revision > ? ORDER BY revision LIMIT 1`,
    )
    this.#row = database.prepare(`SELECT ${head} FROM log WHERE revision = ?`)
    this.#drop = database.prepare('DELETE FROM log WHERE revision = ?')
    this.#relink = database.prepare('UPDATE log SET previous = ? WHERE revision = ?')
    this.#save = database.prepare('UPDATE state SET horizon = ?, walking = ?')
    const state = database.prepare('SELECT horizon, walking FROM state').get() as Record<
      string,
      number
    >
    this.#horizon = state['horizon'] ?? 0
    this.#walking = state['walking'] ?? 0
    const sums = database
      .prepare(
        'SELECT max(revision) AS newest, sum(octet_length(body)) AS bytes FROM log WHERE revision > ?',
      )
      .get(this.#horizon) as Record<string, number | null>
    this.#newest = sums['newest'] ?? this.#horizon
    this.#bytes = sums['bytes'] ?? 0
  }

  /** Changes after this revision are known. */
  get horizon(): number {
    return this.#horizon
  }

  /** To be told of every row. */
  count(revision: number, bytes: number): void {
    this.#newest = revision
    this.#bytes += bytes
  }

  /** There is something to drop. */
  get isDue(): boolean {
    return this.#walking > 0 || this.#isOver()
  }

  /** What brings back all of now, when the transaction in which it went on is rolled back. */
  mark(): () => void {
    const [horizon, walking, newest, bytes] = [
      this.#horizon,
      this.#walking,
      this.#newest,
      this.#bytes,
    ]
    return () => {
      this.#horizon = horizon
      this.#walking = walking
      this.#newest = newest
      this.#bytes = bytes
    }
  }

  /** Does at most `budget` rows of work, inside the caller's transaction. */
  step(budget: number): void {
    if (!this.isDue) return
    for (let left = budget; left > 0; left--) {
      if (this.#walking > 0) this.#walk(left)
      else if (this.#isOver()) this.#advance()
      else break
    }
    this.#save.run(this.#horizon, this.#walking)
  }

  #isOver(): boolean {
    return this.#newest - this.#horizon > this.#window.rows || this.#bytes > this.#window.bytes
  }

  #advance(): void {
    const row = this.#next.get(this.#horizon) as Head | undefined
    if (!row) return
    this.#horizon = row.revision
    this.#bytes -= row.bytes
    if (row.kind === rowKind.snapshot || row.kind === rowKind.delete) this.#walking = row.revision
  }

  /** Drops one row of the past of the walked one, or ends the walk. */
  #walk(left: number): void {
    const row = this.#row.get(this.#walking) as Head | undefined
    let previous = row?.previous ?? 0
    for (let count = 0; count < left && previous > 0; count++) {
      const past = this.#row.get(previous) as Head | undefined
      if (past) this.#drop.run(previous)
      previous = past?.previous ?? 0
    }
    this.#relink.run(previous, this.#walking)
    if (previous > 0) return
    if (row?.kind === rowKind.delete) this.#drop.run(this.#walking)
    this.#walking = 0
  }
}
