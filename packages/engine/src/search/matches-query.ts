import {
  fold,
  type NumberTest,
  type PairLeaf,
  type Query,
  type RangeLeaf,
  type TextTest,
} from './query.ts'
import { numberIn } from './query-values.ts'
import type { RunFacts } from './run-facts.ts'

/** Whether a run is what the search asks for. */
export function matchesQuery(query: Query, facts: RunFacts): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'and':
      return query.parts.every((part) => matchesQuery(part, facts))
    case 'or':
      return query.parts.some((part) => matchesQuery(part, facts))
    case 'not':
      return !matchesQuery(query.part, facts)
    case 'text':
      return textFits(query.test, facts[query.field])
    case 'phase':
      return facts.phase === query.phase
    case 'said':
      return facts[query.field].includes(query.whole ? `\n${query.part}\n` : query.part)
    case 'range':
      return rangeFits(query, facts)
    case 'pair':
      return pairFits(query, facts)
  }
}

function textFits(test: TextTest, text: string): boolean {
  switch (test.is) {
    case 'equal':
      return text === test.value
    case 'contains':
      return fold(text).includes(test.part)
    case 'glob':
      return globFits(test.parts, text)
  }
}

function globFits(parts: readonly string[], text: string): boolean {
  const [first = '', ...others] = parts
  const last = others.pop() ?? ''
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of others) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

function rangeFits({ field, from, to }: RangeLeaf, { times }: RunFacts): boolean {
  const at = times[field]
  if (at === undefined) return false
  return (from === undefined || at >= from) && (to === undefined || at < to)
}

function pairFits({ of, key, test }: PairLeaf, facts: RunFacts): boolean {
  const own = facts[of]
  const values = key === '' ? Object.values(own) : Object.hasOwn(own, key) ? [own[key] ?? ''] : []
  return values.some((value) => {
    if (test.is === 'present') return true
    return test.is === 'number' ? numberFits(test, value) : textFits(test, value)
  })
}

const order: Readonly<Record<NumberTest['sign'], (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

function numberFits({ sign, value }: NumberTest, text: string): boolean {
  const number = numberIn(text)
  return number !== undefined && order[sign](number, value)
}
