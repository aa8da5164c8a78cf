import type { Wanted } from '../archive.ts'
import { counterConditions } from '../phase-counts.ts'
import { firstKeyOf, keyAfter } from '../start-key.ts'
import { accessesOf } from './access.ts'
import { all, type Condition, condition, type Dialect } from './condition.ts'
import { wantedConditions } from './wanted-conditions.ts'

/** How SQLite may find what is wanted: texts and values, which can go to another thread. */
export interface SearchPlan {
  /** By an index, those that usually meet the fewest first. */
  readonly ways: readonly Way[]
  /** Through all runs. */
  readonly through: Rows
  /** What the counters are asked; undefined where they do not know it. */
  readonly counted: Condition | undefined
  /** 0: no end. */
  readonly limit: number
  readonly offset: number
}

/** What one index meets, and what of it is wanted. */
export interface Way {
  readonly met: Condition
  readonly rows: Rows
  /** The index has them in the order of their keys. */
  readonly ordered: boolean
}

interface Rows {
  readonly key: string
  /** `FROM …` */
  readonly found: Condition
}

const sqliteDialect: Dialect = {
  contains: (text, part) => condition(`instr(${text}, ?) > 0`, part),
  beginsWith: (text, part) => condition(`substr(${text}, 1, length(?)) = ?`, part, part),
  glob: (text, parts) =>
    condition(`${text} GLOB ?`, parts.map((part) => part.replaceAll(/[[?*]/g, '[$&]')).join('*')),
  // SQLite makes a join of an EXISTS, and then no longer goes by the key.
  exists: ({ sql, values }) => ({ sql: `(SELECT 1 ${sql} LIMIT 1) IS NOT NULL`, values }),
}

export function searchPlan(wanted: Wanted): SearchPlan {
  const fits = wantedConditions(wanted, sqliteDialect)
  const { limit, offset } = wanted
  const ways = accessesOf(wanted).map((access): Way => {
    const { from, key, where, ordered } = access
    const whole = all([...keyRange(wanted, key), where, ...fits])
    // The order of a CROSS JOIN is kept: the way leads, the run follows.
    const sql = `${from.sql} CROSS JOIN archived_runs w ON w.key = ${key}`
    const found = rowsOf({ ...from, sql }, whole)
    return { met: rowsOf(from, where), rows: { key, found }, ordered }
  })
  const every = all([...keyRange(wanted, 'w.key'), ...fits])
  const through = { key: 'w.key', found: rowsOf(condition('archived_runs w'), every) }
  return { ways, through, counted: counterConditions(wanted), limit, offset }
}

function rowsOf(from: Condition, where: Condition): Condition {
  return {
    sql: `FROM ${from.sql} WHERE ${where.sql}`,
    values: [...from.values, ...where.values],
  }
}

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
