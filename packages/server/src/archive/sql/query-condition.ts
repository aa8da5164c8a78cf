import type { PairLeaf, Query, RangeLeaf, TextTest } from '@argosy/engine'
import { all, any, type Condition, condition, type Dialect, not } from './condition.ts'

/** A search as a condition on `archived_runs w` and `archived_documents t`; true of what `matchesQuery` is true of. */
export function queryCondition(query: Query, dialect: Dialect): Condition {
  switch (query.kind) {
    case 'all':
      return all([])
    case 'and':
      return all(query.parts.map((part) => queryCondition(part, dialect)))
    case 'or':
      return any(query.parts.map((part) => queryCondition(part, dialect)))
    case 'not':
      return not(queryCondition(query.part, dialect))
    case 'text':
      return textCondition(`w.${query.field}`, query.test, dialect)
    case 'phase':
      return condition('w.phase = ?', query.phase)
    case 'said':
      return saidCondition(query, dialect)
    case 'range':
      return rangeCondition(query)
    case 'pair':
      return pairCondition(query, dialect)
  }
}

function textCondition(
  column: string,
  test: TextTest,
  dialect: Dialect,
  folded = `lower(${column})`,
): Condition {
  switch (test.is) {
    case 'equal':
      return condition(`${column} = ?`, test.value)
    case 'contains':
      return dialect.contains(folded, test.part)
    case 'glob':
      return dialect.glob(column, test.parts)
  }
}

function saidCondition(
  { field, part, whole }: { readonly field: 'message' | 'any'; part: string; whole: boolean },
  dialect: Dialect,
): Condition {
  const column = field === 'any' ? 't.said' : 't.message'
  const { sql, values } = dialect.contains(column, whole ? `\n${part}\n` : part)
  return dialect.exists({
    sql: `FROM archived_documents t WHERE t.key = w.key AND ${sql}`,
    values,
  })
}

/** Where there is nothing stands 0 or -1. */
function rangeCondition({ field, from, to }: RangeLeaf): Condition {
  const column = `w.${field}`
  const parts = [condition(field === 'duration' ? `${column} >= 0` : `${column} > 0`)]
  if (from !== undefined) parts.push(condition(`${column} >= ?`, from))
  if (to !== undefined) parts.push(condition(`${column} < ?`, to))
  return all(parts)
}

/** A run has few labels, a label has many runs: one goes by the run, unless the value is known too. */
export const unindexed = (column: string): string => `${column} || ''`

export const pairTables = { label: 'archived_labels', param: 'archived_parameters' } as const

function pairCondition({ of, key, test }: PairLeaf, dialect: Dialect): Condition {
  const name = test.is === 'equal' ? 'p.name' : unindexed('p.name')
  const parts = key === '' ? [] : [condition(`${name} = ?`, key)]
  if (test.is === 'number') parts.push(condition(`p.number ${test.sign} ?`, test.value))
  else if (test.is !== 'present') {
    parts.push(textCondition('p.value', test, dialect, 'coalesce(p.folded, p.value)'))
  }
  const { sql, values } = all([condition('p.key = w.key'), ...parts])
  return dialect.exists({ sql: `FROM ${pairTables[of]} p WHERE ${sql}`, values })
}
