import { fold, type PairLeaf, type Query, type TextLeaf } from '@argosy/engine'
import type { LabelRequirement } from '@argosy/kube'
import type { Wanted } from '../archive.ts'
import { always, type Condition, condition } from './condition.ts'
import { pairTables } from './query-condition.ts'

/** A way to the runs that one condition is true of, or to a few more: an index of SQLite's. */
export interface Access {
  /** A table, or what stands for one, that is called `d`. */
  readonly from: Condition
  readonly key: string
  readonly where: Condition
  /** The index has them in the order of their keys. */
  readonly ordered: boolean
}

/** The ways that lead to what is wanted, those that usually meet the fewest first. */
export function accessesOf(wanted: Wanted): readonly Access[] {
  const { query, namespace, name, nameFilter, labels } = wanted
  const searched = [...(query.kind === 'and' ? query.parts : [query])].sort(
    (a, b) => crowd[a.kind] - crowd[b.kind],
  )
  return [
    ...(name !== '' && nameFilter === 'Exact' ? [byColumn('name', name)] : []),
    ...(name !== '' && nameFilter === 'Contains' ? words(fold(name)) : []),
    ...labels.flatMap(ofSelector),
    ...searched.flatMap(ofLeaf),
    ...(namespace !== '' ? [byColumn('namespace', namespace)] : []),
  ]
}

/** How many runs are usually met by such a condition, where counting them would take too long. */
const crowd: Readonly<Record<Query['kind'], number>> = {
  ...{ text: 0, pair: 1, said: 2, range: 3, or: 4, phase: 5 },
  ...{ not: 6, and: 6, all: 6 },
}

function byColumn(column: 'name' | 'namespace' | 'phase' | 'template', value: string): Access {
  return {
    from: condition(`archived_runs d INDEXED BY runs_by_${column}`),
    key: 'd.key',
    where: condition(`d.${column} = ?`, value),
    ordered: true,
  }
}

function ofSelector({ key, operator, values }: LabelRequirement): readonly Access[] {
  const [value = ''] = values
  const isOne = ['=', '==', 'in'].includes(operator) && values.length === 1
  return isOne ? [byPair('label', key, value)] : []
}

function byPair(of: PairLeaf['of'], name: string, value: string): Access {
  return {
    from: condition(`${pairTables[of]} d`),
    key: 'd.key',
    where: condition('d.name = ? AND d.value = ?', name, value),
    ordered: true,
  }
}

function ofLeaf(query: Query): readonly Access[] {
  switch (query.kind) {
    case 'phase':
      return [byColumn('phase', query.phase)]
    case 'said':
      return words(query.part)
    case 'text':
      return ofText(query)
    case 'pair':
      return ofPair(query)
    case 'range':
      return query.field === 'finished' || query.field === 'duration' ? [byRange(query)] : []
    case 'or': {
      const ways = query.parts.map((part) => ofLeaf(part)[0])
      return ways.every((way) => way !== undefined) ? [distinct(ways.map(selectOf))] : []
    }
    default:
      return []
  }
}

function ofText({ field, test }: TextLeaf): readonly Access[] {
  if (field === 'uid') return test.is === 'equal' ? [byUid(test.value)] : []
  if (test.is === 'equal') return [byColumn(field, test.value)]
  return test.is === 'contains' ? words(test.part) : words(...test.parts.map(fold))
}

function byUid(uid: string): Access {
  const from = condition('archived_runs d')
  return { from, key: 'd.key', where: condition('d.uid = ?', uid), ordered: false }
}

function ofPair({ of, key, test }: PairLeaf): readonly Access[] {
  if (test.is === 'equal' && key !== '') return [byPair(of, key, test.value)]
  if (test.is === 'equal' && of === 'param') return [byValue(test.value)]
  if (test.is !== 'contains' && test.is !== 'glob') return []
  // Labels of Argo's own are not among the words.
  if (of === 'label' && (key === '' || key.startsWith('workflows.argoproj.io/'))) return []
  return test.is === 'glob' ? words(...test.parts.map(fold)) : words(test.part)
}

function byValue(value: string): Access {
  return distinct([condition('SELECT key FROM archived_parameters WHERE value = ?', value)])
}

function byRange({ field, from, to }: Extract<Query, { kind: 'range' }>): Access {
  const least = field === 'duration' ? 0 : 1
  return {
    from: condition(`archived_runs d INDEXED BY runs_by_${field}`),
    key: 'd.key',
    where: condition(
      `d.${field} >= ? AND d.${field} < ?`,
      Math.max(from ?? least, least),
      to ?? Number.MAX_SAFE_INTEGER,
    ),
    ordered: false,
  }
}

/** What holds all trigrams of these parts; of shorter parts the index knows nothing. */
function words(...parts: readonly string[]): readonly Access[] {
  const grams = new Set(parts.flatMap((part) => part.split('\n')).flatMap(trigrams))
  if (grams.size === 0) return []
  // A long text is found by some of its trigrams, too: what else they find is looked at afterwards.
  const most = [...grams].slice(0, mostTrigrams)
  const match = most.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ')
  const where = condition('archived_words MATCH ?', match)
  return [{ from: condition('archived_words d'), key: 'd.rowid', where, ordered: true }]
}

const mostTrigrams = 24

function trigrams(text: string): readonly string[] {
  const letters = [...text]
  return letters.slice(2).map((letter, at) => `${letters[at]}${letters[at + 1]}${letter}`)
}

/** A run may be met more than once. */
function distinct(selects: readonly Condition[]): Access {
  const from = {
    sql: `(${selects.map(({ sql }) => sql).join(' UNION ')}${selects.length > 1 ? '' : ' GROUP BY key'}) d`,
    values: selects.flatMap(({ values }) => values),
  }
  return { from, key: 'd.key', where: always, ordered: false }
}

function selectOf({ from, key, where }: Access): Condition {
  return {
    sql: `SELECT ${key} AS key FROM ${from.sql} WHERE ${where.sql}`,
    values: [...from.values, ...where.values],
  }
}
