import type { LabelRequirement } from '@argosy/kube'
import type { Wanted } from '../archive.ts'
import { type Condition, condition, type Dialect, not } from './condition.ts'
import { queryCondition, unindexed } from './query-condition.ts'

/** All that must be true of what is wanted, but for its place among the others. */
export function wantedConditions(wanted: Wanted, dialect: Dialect): readonly Condition[] {
  const { query } = wanted
  const searched = query.kind === 'and' ? query.parts : [query]
  const times: readonly (readonly [string, number | undefined])[] = [
    ['w.started > 0 AND w.started >= ?', wanted.startedAfter],
    ['w.started > 0 AND w.started <= ?', wanted.startedBefore],
    ['w.created > 0 AND w.created >= ?', wanted.createdAfter],
    ['w.finished > 0 AND w.finished <= ?', wanted.finishedBefore],
  ]
  return [
    ...placesOf(wanted, dialect),
    ...wanted.labels.map((one) => ofLabel(one, dialect)),
    ...times.flatMap(([sql, at]) => (at === undefined ? [] : [condition(sql, at)])),
    ...searched.filter(({ kind }) => kind !== 'all').map((part) => queryCondition(part, dialect)),
  ]
}

function placesOf(wanted: Wanted, dialect: Dialect): Condition[] {
  const { namespace, exceptNamespace, name, nameFilter, namePrefix, deletedOnly, before } = wanted
  const { instance } = wanted
  const parts: Condition[] = []
  if (before !== undefined) parts.push(condition('w.key < ?', before))
  if (instance !== undefined) parts.push(condition('w.instance = ?', instance))
  if (deletedOnly) parts.push(condition('w.deleted = 1'))
  if (namespace !== '') parts.push(condition('w.namespace = ?', namespace))
  if (exceptNamespace !== '') parts.push(condition('w.namespace <> ?', exceptNamespace))
  if (namePrefix !== '') parts.push(dialect.beginsWith('w.name', namePrefix))
  if (name === '') return parts
  if (nameFilter === 'Exact') parts.push(condition('w.name = ?', name))
  if (nameFilter === 'NotEquals') parts.push(condition('w.name <> ?', name))
  if (nameFilter === 'Contains') parts.push(dialect.contains('w.name', name))
  if (nameFilter === 'Prefix') parts.push(dialect.beginsWith('w.name', name))
  return parts
}

function ofLabel({ key, operator, values }: LabelRequirement, dialect: Dialect): Condition {
  const row = (name: string, more: string, own: readonly (string | number)[]): Condition =>
    dialect.exists({
      sql: `FROM archived_labels p WHERE p.key = w.key AND ${name} = ?${more}`,
      values: [key, ...own],
    })
  const having = (more: string, ...own: readonly number[]) => row(unindexed('p.name'), more, own)
  const among = () => row('p.name', ` AND p.value IN (${values.map(() => '?').join(', ')})`, values)
  switch (operator) {
    case 'exists':
      return having('')
    case '!':
      return not(having(''))
    case '!=':
    case 'notin':
      return not(among())
    case '>':
    case '<':
      return having(` AND p.number ${operator} ? AND p.value NOT LIKE '%.%'`, Number(values[0]))
    default:
      return among()
  }
}
