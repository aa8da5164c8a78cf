import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Workflow } from '@argosy/engine'
import type { Archive, Archived, ArchiveKey, Wanted } from './archive.ts'
import { type ArchivePair, archiveRecord } from './archive-record.ts'
import { packed, unpacked } from './packed.ts'
import { type Condition, condition } from './sql/condition.ts'
import { labelNames, labelTexts } from './sql/label-lists.ts'
import { prepareArchive } from './sqlite-schema.ts'
import { SqliteSearch } from './sqlite-search.ts'
import { firstKeyOf, keyAfter } from './start-key.ts'

/** An archive in one file; ':memory:' for none. */
export class SqliteArchive implements Archive {
  readonly #db: DatabaseSync
  readonly #search: SqliteSearch
  readonly #known = new Map<string, StatementSync>()

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 5000 })
    const { old } = prepareArchive(this.#db)
    this.#search = new SqliteSearch(this.#db)
    if (old) this.#takeOver()
  }

  async put(workflows: readonly Workflow[]): Promise<void> {
    if (workflows.length === 0) return
    this.#atOnce(() => {
      for (const one of workflows) this.#putOne(one)
    })
  }

  #putOne(workflow: Workflow): void {
    const record = archiveRecord(workflow)
    const { uid, namespace, name, phase, template } = record
    const { created, started, finished, duration, message, said, summary } = record
    const { key, deleted } = this.#place(uid, record.orderedBy)
    this.#write('INSERT INTO archived_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...[key, uid, namespace, name, phase, template],
      ...[created, started, finished, duration, deleted],
    )
    this.#write('INSERT INTO archived_documents VALUES (?, ?, ?, ?, ?)').run(
      ...[key, message, said, summary],
      packed(workflow),
    )
    this.#write('INSERT INTO archived_words (rowid, said) VALUES (?, ?)').run(key, said)
    this.#putPairs('archived_labels', key, record.labels)
    this.#putPairs('archived_parameters', key, record.params)
  }

  #putPairs(table: string, key: number, pairs: readonly ArchivePair[]): void {
    const insert = this.#write(
      `INSERT INTO ${table} (name, value, key, folded, number) VALUES (?, ?, ?, ?, ?)`,
    )
    for (const { name, value, folded = null, number = null } of pairs) {
      insert.run(name, value, key, folded, number)
    }
  }

  /** Where a run goes; an older one of its uid makes room. */
  #place(uid: string, orderedBy: number): { readonly key: number; readonly deleted: number } {
    const old = this.#sql('SELECT key, deleted FROM archived_runs WHERE uid = ?').get(uid)
    if (old) this.#forget(Number(old['key']))
    const [first, after] = [firstKeyOf(orderedBy), keyAfter(orderedBy)]
    const last = this.#sql(
      'SELECT max(key) AS key FROM archived_runs WHERE key >= ? AND key < ?',
    ).get(first, after)?.['key']
    const key = last === null || last === undefined ? first : Number(last) + 1
    return { key, deleted: Number(old?.['deleted'] ?? 0) }
  }

  async markDeleted(uids: readonly string[]): Promise<void> {
    if (uids.length === 0) return
    const mark = this.#write('UPDATE archived_runs SET deleted = 1 WHERE uid = ? AND deleted = 0')
    this.#atOnce(() => {
      for (const uid of uids) mark.run(uid)
    })
  }

  async notDeleted(): Promise<readonly string[]> {
    return this.#texts(condition('SELECT uid AS text FROM archived_runs WHERE deleted = 0'))
  }

  async get(key: ArchiveKey): Promise<Workflow | undefined> {
    const select = 'SELECT d.workflow FROM archived_runs w JOIN archived_documents d USING (key)'
    const row =
      'uid' in key
        ? this.#sql(`${select} WHERE w.uid = ?`).get(key.uid)
        : this.#sql(
            `${select} WHERE w.name = ? AND w.namespace = ? ORDER BY w.key DESC LIMIT 1`,
          ).get(key.name, key.namespace)
    return row === undefined ? undefined : unpacked(row['workflow'])
  }

  async list(wanted: Wanted): Promise<readonly Archived[]> {
    const summary = this.#sql('SELECT summary FROM archived_documents WHERE key = ?')
    return this.#search.keys(wanted).map((key) => ({
      key,
      workflow: JSON.parse(String(summary.get(key)?.['summary'])) as Workflow,
    }))
  }

  async count(wanted: Wanted): Promise<number> {
    return this.#search.count(wanted)
  }

  async labelKeys(namespace: string): Promise<readonly string[]> {
    return this.#texts(labelNames(namespace))
  }

  async labelValues(key: string, namespace: string): Promise<readonly string[]> {
    return this.#texts(labelTexts(key, namespace))
  }

  async remove(uid: string): Promise<void> {
    const row = this.#sql('SELECT key FROM archived_runs WHERE uid = ?').get(uid)
    if (row) this.#atOnce(() => this.#forget(Number(row['key'])))
  }

  async forget(endedBefore: number): Promise<number> {
    const rows = this.#sql('SELECT key FROM archived_runs WHERE finished > 0 AND finished < ?').all(
      endedBefore,
    )
    this.#atOnce(() => {
      for (const { key } of rows) this.#forget(Number(key))
    })
    return rows.length
  }

  #forget(key: number): void {
    for (const statement of forgetting) this.#write(statement).run(key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db.close()
  }

  /** What an older version of this program has kept. */
  #takeOver(): void {
    const rows = this.#db.prepare('SELECT workflow, deleted FROM archived_workflows').iterate()
    this.#atOnce(() => {
      for (const { workflow, deleted } of rows) {
        const one = unpacked(workflow)
        this.#putOne(one)
        this.#write('UPDATE archived_runs SET deleted = ? WHERE uid = ?').run(
          Number(deleted),
          one.metadata.uid ?? '',
        )
      }
      this.#db.exec('DROP TABLE archived_labels_old; DROP TABLE archived_workflows')
    })
  }

  #sql(text: string): StatementSync {
    const known = this.#known.get(text) ?? this.#db.prepare(text)
    this.#known.set(text, known)
    return known
  }

  /** A statement that is only run: rows of the word index have ids that are no numbers of ours. */
  #write(text: string): StatementSync {
    const statement = this.#sql(text)
    statement.setReadBigInts(true)
    return statement
  }

  #texts({ sql, values }: Condition): readonly string[] {
    return this.#sql(sql)
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

const forgetting = [
  'DELETE FROM archived_runs WHERE key = ?',
  'DELETE FROM archived_documents WHERE key = ?',
  'DELETE FROM archived_words WHERE rowid = ?',
  'DELETE FROM archived_labels WHERE key = ?',
  'DELETE FROM archived_parameters WHERE key = ?',
]
