import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { parseTime, type Workflow } from '@argosy/engine'
import { type Archive, type ArchiveKey, summaryOf, type Wanted } from './archive.ts'
import { conditionOf } from './wanted-sql.ts'

const schema = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS archived_workflows (
  uid TEXT PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, phase TEXT NOT NULL,
  created INTEGER NOT NULL, started INTEGER NOT NULL, finished INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0, summary TEXT NOT NULL, workflow BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS archived_by_start ON archived_workflows (started DESC, uid);
CREATE INDEX IF NOT EXISTS archived_by_place ON archived_workflows (namespace, deleted, started DESC, uid);
CREATE INDEX IF NOT EXISTS archived_by_name ON archived_workflows (namespace, name, started DESC);
CREATE INDEX IF NOT EXISTS archived_by_end ON archived_workflows (finished);
CREATE TABLE IF NOT EXISTS archived_labels (
  uid TEXT NOT NULL REFERENCES archived_workflows (uid) ON DELETE CASCADE,
  name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (uid, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS archived_by_label ON archived_labels (name, value);
`

/** An archive in one file; ':memory:' for none. */
export class SqliteArchive implements Archive, Disposable {
  readonly #db: DatabaseSync
  readonly #put: StatementSync
  readonly #putLabel: StatementSync

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { enableForeignKeyConstraints: true })
    this.#db.exec(schema)
    this.#put = this.#db.prepare(
      `INSERT INTO archived_workflows (uid, namespace, name, phase, created, started, finished, summary, workflow)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (uid) DO UPDATE SET phase = excluded.phase, started = excluded.started,
       finished = excluded.finished, summary = excluded.summary, workflow = excluded.workflow`,
    )
    this.#putLabel = this.#db.prepare(
      'INSERT INTO archived_labels (uid, name, value) VALUES (?, ?, ?)',
    )
  }

  put(workflows: readonly Workflow[]): void {
    this.#atOnce(() => {
      for (const one of workflows) this.#putOne(one)
    })
  }

  #putOne(workflow: Workflow): void {
    const { metadata, status } = workflow
    const { uid = '', namespace = '', name = '', creationTimestamp } = metadata
    const at = (text: string | null | undefined) => (text ? (parseTime(text) ?? 0) : 0)
    const created = at(creationTimestamp)
    this.#put.run(
      ...[uid, namespace, name, status?.phase ?? '', created],
      ...[at(status?.startedAt) || created, at(status?.finishedAt)],
      JSON.stringify(summaryOf(workflow)),
      zstdCompressSync(JSON.stringify(workflow)),
    )
    this.#db.prepare('DELETE FROM archived_labels WHERE uid = ?').run(uid)
    for (const [label, value] of Object.entries(metadata.labels ?? {})) {
      this.#putLabel.run(uid, label, value)
    }
  }

  markDeleted(uids: readonly string[]): void {
    const mark = this.#db.prepare('UPDATE archived_workflows SET deleted = 1 WHERE uid = ?')
    this.#atOnce(() => {
      for (const uid of uids) mark.run(uid)
    })
  }

  notDeleted(): readonly string[] {
    return this.#texts('SELECT uid AS text FROM archived_workflows WHERE deleted = 0')
  }

  get(key: ArchiveKey): Workflow | undefined {
    const select = 'SELECT workflow FROM archived_workflows WHERE'
    const row =
      'uid' in key
        ? this.#db.prepare(`${select} uid = ?`).get(key.uid)
        : this.#db
            .prepare(`${select} namespace = ? AND name = ? ORDER BY started DESC LIMIT 1`)
            .get(key.namespace, key.name)
    const packed = row?.['workflow']
    if (!(packed instanceof Uint8Array)) return undefined
    return JSON.parse(zstdDecompressSync(packed).toString()) as Workflow
  }

  list(wanted: Wanted): readonly Workflow[] {
    const { sql, values } = conditionOf(wanted)
    const rows = this.#db
      .prepare(
        `SELECT summary FROM archived_workflows w WHERE ${sql} ORDER BY started DESC, uid LIMIT ? OFFSET ?`,
      )
      .all(...values, wanted.limit === 0 ? -1 : wanted.limit, wanted.offset)
    return rows.map(({ summary }) => JSON.parse(String(summary)) as Workflow)
  }

  count(wanted: Wanted): number {
    const { sql, values } = conditionOf(wanted)
    const row = this.#db
      .prepare(`SELECT count(*) AS total FROM archived_workflows w WHERE ${sql}`)
      .get(...values)
    return Number(row?.['total'] ?? 0)
  }

  labelKeys(namespace: string): readonly string[] {
    return this.#texts(
      `SELECT DISTINCT l.name AS text FROM archived_labels l JOIN archived_workflows w USING (uid)
       WHERE ? IN ('', w.namespace) ORDER BY 1`,
      namespace,
    )
  }

  labelValues(key: string, namespace: string): readonly string[] {
    return this.#texts(
      `SELECT DISTINCT l.value AS text FROM archived_labels l JOIN archived_workflows w USING (uid)
       WHERE l.name = ? AND ? IN ('', w.namespace) ORDER BY 1`,
      key,
      namespace,
    )
  }

  remove(uid: string): void {
    this.#db.prepare('DELETE FROM archived_workflows WHERE uid = ?').run(uid)
  }

  forget(endedBefore: number): number {
    const sql = 'DELETE FROM archived_workflows WHERE finished < ?'
    return Number(this.#db.prepare(sql).run(endedBefore).changes)
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }

  #texts(sql: string, ...values: readonly string[]): readonly string[] {
    return this.#db
      .prepare(sql)
      .all(...values)
      .map(({ text }) => String(text))
  }

  #atOnce(write: () => void): void {
    this.#db.exec('BEGIN')
    try {
      write()
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }
}
