import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Workflow } from '@argosy/engine'
import type { Archive, Archived, ArchiveKey, Wanted } from './archive.ts'
import type { Ask } from './archive-reads.ts'
import { type ArchivePair, archiveRecord } from './archive-record.ts'
import { askAtOnce, askThreads } from './ask-sqlite.ts'
import { packed, unpacked } from './packed.ts'
import type { PhaseCounts } from './phase-counts.ts'
import { searchPlan } from './sql/search-plan.ts'
import { prepareArchive } from './sqlite-schema.ts'
import { firstKeyOf, keyAfter } from './start-key.ts'

/**
 * An archive in one file; ':memory:' for none. One connection writes, and a write is in the file before its promise
 * resolves. What is read of a file is read by threads of their own, each with its connection: what is asked after a
 * write finds it, and a search takes no time of those who do something else.
 */
export class SqliteArchive implements Archive {
  readonly #db: DatabaseSync
  readonly #readers: AsyncDisposable | undefined
  readonly #ask: Ask
  readonly #known = new Map<string, StatementSync>()

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 5000 })
    const { old } = prepareArchive(this.#db)
    if (old) this.#takeOver()
    const { ask, readers } = path === ':memory:' ? askAtOnce(this.#db) : askThreads(path)
    this.#ask = ask
    this.#readers = readers
  }

  async put(workflows: readonly Workflow[]): Promise<void> {
    if (workflows.length === 0) return
    this.#atOnce(() => {
      for (const one of workflows) this.#putOne(one)
    })
  }

  #putOne(workflow: Workflow): void {
    const record = archiveRecord(workflow)
    const { uid, namespace, name, phase, template, instance } = record
    const { created, started, finished, duration, message, said, summary } = record
    const { key, deleted } = this.#place(uid, record.orderedBy)
    this.#write('INSERT INTO archived_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...[key, uid, namespace, name, phase, template],
      ...[created, started, finished, duration, deleted, instance],
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

  async notDeleted(instance?: string): Promise<readonly string[]> {
    const select = 'SELECT uid, instance FROM archived_runs WHERE deleted = 0'
    const rows = this.#sql(select).all()
    const own = rows.filter((row) => instance === undefined || row['instance'] === instance)
    return own.map(({ uid }) => String(uid))
  }

  async get(key: ArchiveKey): Promise<Workflow | undefined> {
    const text = await this.#ask({ what: 'get', key })
    return text === undefined ? undefined : (JSON.parse(text) as Workflow)
  }

  async list(wanted: Wanted): Promise<readonly Archived[]> {
    const found = await this.#ask({ what: 'list', plan: searchPlan(wanted) })
    return found.map(({ key, summary }) => ({ key, workflow: JSON.parse(summary) as Workflow }))
  }

  count(wanted: Wanted): Promise<number> {
    return this.#ask({ what: 'count', plan: searchPlan(wanted) })
  }

  phases(wanted: Wanted): Promise<PhaseCounts | undefined> {
    return this.#ask({ what: 'phases', plan: searchPlan(wanted) })
  }

  labelKeys(namespace: string): Promise<readonly string[]> {
    return this.#ask({ what: 'labelKeys', namespace })
  }

  labelValues(key: string, namespace: string): Promise<readonly string[]> {
    return this.#ask({ what: 'labelValues', key, namespace })
  }

  async remove(uid: string): Promise<void> {
    const row = this.#sql('SELECT key FROM archived_runs WHERE uid = ?').get(uid)
    if (row) this.#atOnce(() => this.#forget(Number(row['key'])))
  }

  async forget(endedBefore: number): Promise<number> {
    const oldest = this.#sql(
      'SELECT key FROM archived_runs WHERE finished > 0 AND finished < ? LIMIT ?',
    )
    for (let forgotten = 0; ; ) {
      const rows = oldest.all(endedBefore, atOnce)
      this.#atOnce(() => {
        for (const { key } of rows) this.#forget(Number(key))
      })
      forgotten += rows.length
      if (rows.length < atOnce) return forgotten
      // After a while without there may be many: others have their turn.
      await new Promise(setImmediate)
    }
  }

  #forget(key: number): void {
    for (const statement of forgetting) this.#write(statement).run(key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#readers?.[Symbol.asyncDispose]()
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

/** So many are forgotten in some milliseconds. */
const atOnce = 200

const forgetting = [
  'DELETE FROM archived_runs WHERE key = ?',
  'DELETE FROM archived_documents WHERE key = ?',
  'DELETE FROM archived_words WHERE rowid = ?',
  'DELETE FROM archived_labels WHERE key = ?',
  'DELETE FROM archived_parameters WHERE key = ?',
]
