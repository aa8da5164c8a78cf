import type { LabelRequirement } from '@argosy/kube'
import type { Wanted } from './archive.ts'

type Value = string | number

/** A condition on `archived_workflows`, with its values. */
export interface Condition {
  readonly sql: string
  readonly values: readonly Value[]
}

/** What is wanted, in SQL. Everything that somebody wrote is a value. */
export function conditionOf(wanted: Wanted): Condition {
  const parts: Condition[] = [...placesOf(wanted), ...wanted.labels.map(ofLabel)]
  const times: readonly (readonly [string, number | undefined])[] = [
    ['started >= ?', wanted.startedAfter],
    ['started <= ?', wanted.startedBefore],
    ['created >= ?', wanted.createdAfter],
    ['finished <= ?', wanted.finishedBefore],
  ]
  for (const [sql, at] of times) if (at !== undefined) parts.push({ sql, values: [at] })
  return {
    sql: parts.length === 0 ? 'true' : parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  }
}

function placesOf(wanted: Wanted): Condition[] {
  const { namespace, exceptNamespace, name, nameFilter, namePrefix, deletedOnly } = wanted
  const parts: Condition[] = []
  if (deletedOnly) parts.push({ sql: 'deleted = 1', values: [] })
  if (namespace !== '') parts.push({ sql: 'namespace = ?', values: [namespace] })
  if (exceptNamespace !== '') parts.push({ sql: 'namespace <> ?', values: [exceptNamespace] })
  if (namePrefix !== '') parts.push(beginsWith(namePrefix))
  if (name === '') return parts
  if (nameFilter === 'Exact') parts.push({ sql: 'name = ?', values: [name] })
  if (nameFilter === 'NotEquals') parts.push({ sql: 'name <> ?', values: [name] })
  if (nameFilter === 'Contains') parts.push({ sql: 'instr(name, ?) > 0', values: [name] })
  if (nameFilter === 'Prefix') parts.push(beginsWith(name))
  return parts
}

const beginsWith = (text: string): Condition => ({
  sql: 'substr(name, 1, length(?)) = ?',
  values: [text, text],
})

function ofLabel({ key, operator, values }: LabelRequirement): Condition {
  const having = (sql: string, more: readonly Value[]): Condition => ({
    sql: `EXISTS (SELECT 1 FROM archived_labels l WHERE l.uid = w.uid AND l.name = ?${sql})`,
    values: [key, ...more],
  })
  const not = ({ sql, values: own }: Condition): Condition => ({ sql: `NOT ${sql}`, values: own })
  const among = () => having(` AND l.value IN (${values.map(() => '?').join(', ')})`, values)
  const compared = (sign: string) =>
    having(` AND CAST(l.value AS INTEGER) ${sign} ?`, [Number(values[0])])
  switch (operator) {
    case 'exists':
      return having('', [])
    case '!':
      return not(having('', []))
    case '!=':
    case 'notin':
      return not(among())
    case '>':
    case '<':
      return compared(operator)
    default:
      return among()
  }
}
