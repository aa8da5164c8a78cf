import { type FieldName, fields, phases, type TextName, type TimeName } from './fields.table.ts'
import { nearest } from './nearest.ts'
import { fold, type Leaf, type NumberTest, type RangeLeaf, type TextTest } from './query.ts'
import { QueryMistake } from './query-mistake.ts'
import type { QueryToken } from './query-tokens.ts'
import { lengthIn, type Moment, momentIn, numberIn } from './query-values.ts'

interface Comparison {
  readonly field: FieldName
  readonly key: string
  /** Without its `!`. */
  readonly sign: string
  readonly value: QueryToken
  readonly now: number
  /** Where the field stands. */
  readonly token: QueryToken
}

/** One comparison, with its value understood as the field's type. Throws `QueryMistake`. */
export function leafOf(comparison: Comparison): Leaf {
  const { field, key, sign, value } = comparison
  const { kind } = fields[field]
  switch (kind) {
    case 'text':
      return { kind: 'text', field: field as TextName, test: textTest(sign, value) }
    case 'phase':
      return { kind: 'phase', phase: phaseIn(value) }
    case 'message':
    case 'any': {
      const whole = sign === '=' || sign === 'in'
      const what = kind === 'any' ? 'any' : 'message'
      return { kind: 'said', field: what, part: fold(value.value), whole }
    }
    case 'pair': {
      const of = field === 'label' ? 'label' : 'param'
      return {
        kind: 'pair',
        of,
        key,
        test: isOrder(sign) ? order(sign, value) : textTest(sign, value),
      }
    }
    case 'time':
      return { kind: 'range', field: field as TimeName, ...bounds(sign, momentOf(comparison)) }
    case 'duration': {
      const from = lengthOf(value)
      return { kind: 'range', field: 'duration', ...bounds(sign, { from, to: from + 1 }) }
    }
  }
}

/** A star in a word stands for anything; in quotes it is a star. */
function textTest(sign: string, { kind, value }: QueryToken): TextTest {
  if (sign === '~' || sign === ':') return { is: 'contains', part: fold(value) }
  if (kind === 'word' && value.includes('*')) return { is: 'glob', parts: value.split(/\*+/) }
  return { is: 'equal', value }
}

function phaseIn(token: QueryToken) {
  const found = phases.find((one) => fold(one) === fold(token.value))
  if (found !== undefined) return found
  const meant = nearest(token.value, phases)
  const hint = meant === undefined ? `there are ${phases.join(', ')}` : `did you mean ${meant}?`
  throw new QueryMistake(`${token.value} is no status: ${hint}`, token, meant)
}

const isOrder = (sign: string): sign is NumberTest['sign'] => ['<', '<=', '>', '>='].includes(sign)

function order(sign: NumberTest['sign'], token: QueryToken): NumberTest {
  const value = numberIn(token.value)
  if (value !== undefined) return { is: 'number', sign, value }
  throw new QueryMistake(`${sign} needs a number, not ${token.value}`, token)
}

function momentOf({ value, now }: Comparison): Moment {
  const found = momentIn(value.value, now)
  if (found !== undefined) return found
  const isLength = lengthIn(value.value) !== undefined
  const hint = isLength
    ? `for so long ago write -${value.value}`
    : 'write 2026-01-02, 2026-01-02T15:04:05Z, or -24h for a day ago'
  const suggestion = isLength ? `-${value.value}` : undefined
  throw new QueryMistake(`${value.value} is no time: ${hint}`, value, suggestion)
}

function lengthOf(token: QueryToken): number {
  const found = lengthIn(token.value)
  if (found !== undefined) return found
  throw new QueryMistake(`${token.value} is no duration: write 90s, 10m, 1h30m or 2d`, token)
}

function bounds(sign: string, { from, to }: Moment): Pick<RangeLeaf, 'from' | 'to'> {
  if (sign === '>') return { from: to }
  if (sign === '>=') return { from }
  if (sign === '<') return { to: from }
  if (sign === '<=') return { to }
  return { from, to }
}
