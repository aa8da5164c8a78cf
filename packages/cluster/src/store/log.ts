import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { makeFolder } from '../make-folder.ts'
import { adaptiveSync } from './adaptive-sync.ts'
import { reserve } from './reserve.ts'

/** What a row's body is: the whole object, or the JSON Patch from the revision before. */
export const rowKind = { create: 0, snapshot: 1, delta: 2, delete: 3 } as const
export type RowKind = (typeof rowKind)[keyof typeof rowKind]

export interface Row {
  readonly revision: number
  readonly kind: RowKind
  /** The revision of this object before; 0 for a new object. */
  readonly previous: number
  readonly collection: string
  readonly namespace: string
  readonly name: string
  readonly body: string
}

/** Raised whenever the tables change; a newer file is refused, an older one is migrated in `migrations`. */
const schemaVersion = 1

const schema = `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY, kind INTEGER NOT NULL, previous INTEGER NOT NULL,
    collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE state (horizon INTEGER NOT NULL, walking INTEGER NOT NULL) STRICT;
  INSERT INTO state VALUES (0, 0);
  PRAGMA user_version = ${schemaVersion};
`

/** Calls back when everything that has been written to this file is durable. `isBusy`: this thread has other work meanwhile. */
export type Sync = (file: number, done: (error: Error | null) => void, isBusy: boolean) => void

/** The rows on disk. Every method is one statement or one transaction; nothing is remembered here. */
export class Log {
  readonly database: DatabaseSync
  /** The file that a transaction is appended to; undefined when nobody waits for it. */
  readonly #wal: number | undefined
  readonly #sync: Sync | undefined
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #insert: StatementSync
  readonly #row: StatementSync
  readonly #range: StatementSync

  constructor(directory: string | undefined, sync: Sync | 'never' = adaptiveSync()) {
    this.database = openDatabase(directory, sync === 'never' ? 'OFF' : 'NORMAL')
    this.#wal = directory === undefined || sync === 'never' ? undefined : openWal(directory)
    this.#sync = sync === 'never' ? undefined : sync
    this.#begin = this.database.prepare('BEGIN IMMEDIATE')
    this.#commit = this.database.prepare('COMMIT')
    const columns = 'revision, kind, previous, collection, namespace, name, body'
    this.#insert = this.database.prepare(
      `INSERT INTO log (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#row = this.database.prepare(`SELECT ${columns} FROM log WHERE revision = ?`)
    this.#range = this.database.prepare(
      `SELECT ${columns} FROM log WHERE revision > ? AND revision <= ? AND collection = ? ORDER BY revision`,
    )
  }

  /** Everything in `write` happens, or nothing does; a power failure may undo it until a `sync` that began afterwards. */
  transaction(write: () => void): void {
    this.#begin.run()
    try {
      write()
      this.#commit.run()
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK')
      throw error
    }
  }

  /** Calls `done` when all transactions so far are durable; at once where there is nothing to wait for. */
  sync(isBusy: boolean, done: (error: Error | null) => void): void {
    if (this.#wal === undefined || !this.#sync) done(null)
    else this.#sync(this.#wal, done, isBusy)
  }

  append(row: Row): void {
    const { revision, kind, previous, collection, namespace, name, body } = row
    this.#insert.run(revision, kind, previous, collection, namespace, name, body)
  }

  row(revision: number): Row | undefined {
    return this.#row.get(revision) as Row | undefined
  }

  /** Rows of one collection, in order. */
  range(collection: string, after: number, upTo: number): Row[] {
    return this.#range.all(after, upTo, collection) as unknown as Row[]
  }

  all(): Iterable<Row> {
    return this.database
      .prepare('SELECT * FROM log ORDER BY revision')
      .iterate() as Iterable<unknown> as Iterable<Row>
  }

  limit(bytes: number): void {
    const { page_size: pageSize } = this.database.prepare('PRAGMA page_size').get() as {
      page_size: number
    }
    this.database.exec(`PRAGMA max_page_count = ${Math.ceil(bytes / pageSize)}`)
  }

  close(): void {
    this.database.close()
    if (this.#wal !== undefined) closeSync(this.#wal)
  }
}

/** SQLite makes it at the first transaction and keeps it, and its inode, until the database is closed. */
function openWal(directory: string): number {
  const wal = openSync(join(directory, 'store.db-wal'), 'r+')
  reserve(wal)
  return wal
}

function openDatabase(directory: string | undefined, synchronous: string): DatabaseSync {
  if (directory !== undefined) makeFolder(directory, 0o700)
  const database = new DatabaseSync(
    directory === undefined ? ':memory:' : join(directory, 'store.db'),
  )
  // Not FULL: the store syncs by itself, beside the event loop. With NORMAL SQLite still syncs around checkpoints.
  database.exec(
    `PRAGMA synchronous = ${synchronous}; PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY`,
  )
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as {
    user_version: number
  }
  if (found > schemaVersion) {
    database.close()
    throw new Error(
      `the store was written by a newer version (schema ${found}; this version knows ${schemaVersion}): use that version or a backup`,
    )
  }
  if (found === 0) database.exec(`BEGIN; ${schema} COMMIT`)
  return database
}
