import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, numberAt, objectAt, objectsAt } from '../table/at.ts'
import { atLeast } from './rules.ts'

/** What is wrong with when a job of indexes has done enough. */
export function successPolicyFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  if (at(spec, 'successPolicy') === undefined) return []
  if (spec['completionMode'] !== 'Indexed')
    return [
      flawOf.invalid(path, objectAt(spec, 'successPolicy'), 'requires indexed completion mode'),
    ]
  const rules = objectsAt(spec, 'successPolicy', 'rules')
  const why = 'at least one rules must be specified when the successPolicy is specified'
  if (rules.length === 0) return [flawOf.required(`${path}.rules`, why)]
  const all = numberAt(spec, 'completions')
  return rules.flatMap((rule, index) => ruleFlaws(rule, `${path}.rules[${index}]`, all))
}

function ruleFlaws(rule: JsonObject, path: string, all: number): readonly Flaw[] {
  const { succeededCount: count, succeededIndexes: indexes } = rule
  const here = `${path}.succeededCount`
  const none = 'at least one of succeededCount or succeededIndexes must be specified'
  if (count === undefined && indexes === undefined) return [flawOf.required(path, none)]
  const read = typeof indexes === 'string' ? countIndexes(indexes, all) : all
  const begin = 'must be less than or equal to'
  const ofAll = `${begin} ${all} (the number of specified completions)`
  const ofIndexes = `${begin} ${read} (the number of indexes in the specified succeededIndexes field)`
  const isOver = (most: unknown) => typeof count === 'number' && count > Number(most)
  return [
    ...(typeof read === 'string'
      ? [
          flawOf.invalid(
            `${path}.succeededIndexes`,
            indexes,
            `error parsing succeededIndexes: ${read}`,
          ),
        ]
      : []),
    ...atLeast(0)(here, count),
    ...(isOver(all) ? [flawOf.invalid(here, count, ofAll)] : []),
    ...(indexes !== undefined && isOver(read) ? [flawOf.invalid(here, count, ofIndexes)] : []),
  ]
}

/** How many indexes there are in `0,2-4`, or what is wrong with that. */
function countIndexes(text: string, all: number): number | string {
  if (text === '') return 0
  let [count, before] = [0, -1]
  for (const part of text.split(',')) {
    const read = rangeOf(part, all)
    if (typeof read === 'string') return read
    if (read.from <= before)
      return `non-increasing order, previous: ${before}, current: ${read.from}`
    count += read.to - read.from + 1
    before = read.to
  }
  return count
}

function rangeOf(part: string, all: number): { from: number; to: number } | string {
  const ends = part.split('-')
  if (ends.length > 2)
    return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`
  for (const end of ends) {
    if (!/^\d+$/.test(end)) return `cannot convert string to integer for index: "${end}"`
    if (Number(end) >= all) return `too large index: "${end}"`
  }
  const [from = 0, to = from] = ends.map(Number)
  if (ends.length === 2 && from >= to)
    return `non-increasing order, previous: ${from}, current: ${to}`
  return { from, to }
}
