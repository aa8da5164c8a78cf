import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ArchiveKey } from './archive.ts'
import type { Answers, ListedText, Question } from './archive-reads.ts'
import { unpackedText } from './packed.ts'
import type { Condition } from './sql/condition.ts'
import { labelNames, labelTexts } from './sql/label-lists.ts'
import type { SearchPlan } from './sql/search-plan.ts'
import { SqliteSearch } from './sqlite-search.ts'

/** What is read of a SQLite archive, by one connection and at once. */
export class SqliteReader {
  readonly #db: DatabaseSync
  readonly #search: SqliteSearch
  readonly #known = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#search = new SqliteSearch(db)
  }

  answer(question: Question): Answers[Question['what']] {
    switch (question.what) {
      case 'get':
        return this.#get(question.key)
      case 'list':
        return this.#list(question.plan)
      case 'count':
        return this.#search.count(question.plan)
      case 'phases':
        return this.#search.phases(question.plan)
      case 'labelKeys':
        return this.#texts(labelNames(question.namespace))
      case 'labelValues':
        return this.#texts(labelTexts(question.key, question.namespace))
    }
  }

  #get(key: ArchiveKey): string | undefined {
    const select = 'SELECT d.workflow FROM archived_runs w JOIN archived_documents d USING (key)'
    const row =
      'uid' in key
        ? this.#sql(`${select} WHERE w.uid = ?`).get(key.uid)
        : this.#sql(
            `${select} WHERE w.name = ? AND w.namespace = ? ORDER BY w.key DESC LIMIT 1`,
          ).get(key.name, key.namespace)
    return row === undefined ? undefined : unpackedText(row['workflow'])
  }

  #list(plan: SearchPlan): readonly ListedText[] {
    const summary = this.#sql('SELECT summary FROM archived_documents WHERE key = ?')
    return this.#search
      .keys(plan)
      .map((key) => ({ key, summary: String(summary.get(key)?.['summary']) }))
  }

  #texts({ sql, values }: Condition): readonly string[] {
    return this.#sql(sql)
      .all(...values)
      .map(({ text }) => String(text))
  }

  #sql(text: string): StatementSync {
    const known = this.#known.get(text) ?? this.#db.prepare(text)
    this.#known.set(text, known)
    return known
  }
}
