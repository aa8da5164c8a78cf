import type { DatabaseSync } from 'node:sqlite'
import type { Wanted } from './archive.ts'
import { type Access, accessesOf } from './sql/access.ts'
import { all, type Condition, condition, type Dialect } from './sql/condition.ts'
import { wantedConditions } from './sql/wanted-conditions.ts'
import { firstKeyOf, keyAfter } from './start-key.ts'

const sqliteDialect: Dialect = {
  contains: (text, part) => condition(`instr(${text}, ?) > 0`, part),
  beginsWith: (text, part) => condition(`substr(${text}, 1, length(?)) = ?`, part, part),
  glob: (text, parts) =>
    condition(`${text} GLOB ?`, parts.map((part) => part.replaceAll(/[[?*]/g, '[$&]')).join('*')),
  // SQLite makes a join of an EXISTS, and then no longer goes by the key.
  exists: ({ sql, values }) => ({ sql: `(SELECT 1 ${sql} LIMIT 1) IS NOT NULL`, values }),
}

/** Finds runs: by the index that meets the fewest of them, or through all of them, the newest first. */
export class SqliteSearch {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  keys(wanted: Wanted): readonly number[] {
    const { key, found } = this.#found(wanted)
    const { limit, offset } = wanted
    return this.#db
      .prepare(`SELECT ${key} AS key ${found.sql} ORDER BY ${key} DESC LIMIT ? OFFSET ?`)
      .all(...found.values, limit === 0 ? -1 : limit, offset)
      .map((row) => Number(row['key']))
  }

  count(wanted: Wanted): number {
    const { found } = this.#found(wanted)
    const row = this.#db.prepare(`SELECT count(*) AS total ${found.sql}`).get(...found.values)
    return Number(row?.['total'] ?? 0)
  }

  #found(wanted: Wanted): { readonly key: string; readonly found: Condition } {
    const fits = wantedConditions(wanted, sqliteDialect)
    const way = this.#best(accessesOf(wanted))
    if (!way) {
      const where = all([...keyRange(wanted, 'w.key'), ...fits])
      return { key: 'w.key', found: rows(condition('archived_runs w'), where) }
    }
    const { key } = way
    const where = all([...keyRange(wanted, key), way.where, ...fits])
    // The order of a CROSS JOIN is kept: the way leads, the run follows.
    const sql = `${way.from.sql} CROSS JOIN archived_runs w ON w.key = ${key}`
    return { key, found: rows({ ...way.from, sql }, where) }
  }

  /** The way that meets the fewest; of those that meet many, one that is in order. */
  #best(ways: readonly Access[]): Access | undefined {
    let best: { readonly way: Access; readonly met: number } | undefined
    for (const way of ways) {
      if (best !== undefined && best.met < few) break
      const met = this.#met(way)
      const usable = met < many || way.ordered
      if (usable && met < (best?.met ?? Number.POSITIVE_INFINITY)) best = { way, met }
    }
    return best?.way
  }

  #met({ from, where }: Access): number {
    const { sql, values } = rows(from, where)
    const row = this.#db
      .prepare(`SELECT count(*) AS met FROM (SELECT 1 ${sql} LIMIT ?)`)
      .get(...values, many)
    return Number(row?.['met'] ?? 0)
  }
}

function rows(from: Condition, where: Condition): Condition {
  return {
    sql: `FROM ${from.sql} WHERE ${where.sql}`,
    values: [...from.values, ...where.values],
  }
}

/** So few are looked at one by one. */
const few = 100
/** To look at so many is still quick, to count them quicker. */
const many = 20_000

/** A run that started in a range has its key in one. */
function keyRange({ before, query }: Wanted, key: string): readonly Condition[] {
  const parts = before === undefined ? [] : [condition(`${key} < ?`, before)]
  for (const part of query.kind === 'and' ? query.parts : [query]) {
    if (part.kind !== 'range' || part.field !== 'started') continue
    if (part.from !== undefined) parts.push(condition(`${key} >= ?`, firstKeyOf(part.from)))
    if (part.to !== undefined) parts.push(condition(`${key} < ?`, keyAfter(part.to)))
  }
  return parts
}
