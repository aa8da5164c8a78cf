import { compileRegexp } from '../re2/regexp.ts'
import type { Binary } from './ast.ts'
import {
  assignable,
  bool,
  comparable,
  duration,
  type Fits,
  float,
  int,
  isNumber,
  isTime,
  isUnknown,
  listOf,
  maybe,
  type Nature,
  nil,
  string,
  time,
  unknown,
} from './nature.ts'
import { ExprMistake, type Location } from './source-error.ts'

const isBool: Fits = ({ kind }) => kind === 'bool'
const isInt: Fits = ({ kind }) => kind === 'int'
const isText: Fits = ({ kind }) => kind === 'string'
const isDuration: Fits = ({ kind }) => kind === 'duration'

type Rule = (left: Nature, right: Nature) => Nature | undefined

/** The nature of an operation's result; throws when its operands cannot go together. */
export function checkBinary(node: Binary, left: Nature, right: Nature): Nature {
  const { operator, at } = node
  if (operator === 'matches') checkPattern(node)
  const result = operator === 'in' ? checkIn(node, left, right) : rules[operator]?.(left, right)
  if (result) return result
  throw new ExprMistake(
    at,
    `invalid operation: ${operator} (mismatched types ${left.type} and ${right.type})`,
  )
}

function checkPattern({ right, at }: Binary): void {
  if (right.kind !== 'string') return
  const compiled = compileRegexp(right.value)
  if ('error' in compiled) throw new ExprMistake(at, compiled.error)
}

const equality: Rule = (l, r) => (comparable(l, r) ? bool : undefined)

const logical: Rule = (l, r) =>
  (isBool(l) && isBool(r)) || maybe(l, r, [isBool]) ? bool : undefined

const ordered: Rule = (l, r) => {
  const same = [isNumber, isText, isTime, isDuration].some((is) => is(l) && is(r))
  return same || maybe(l, r, [isNumber, isText, isTime, isDuration]) ? bool : undefined
}

const texts: Rule = (l, r) => ((isText(l) && isText(r)) || maybe(l, r, [isText]) ? bool : undefined)

const floats: Rule = (l, r) =>
  (isNumber(l) && isNumber(r)) || maybe(l, r, [isNumber]) ? float : undefined

/** Pairs of times and durations and what they make. */
type Pairs = readonly (readonly [Fits, Fits, Nature])[]

function arithmetic(pairs: Pairs, unsure: readonly Fits[]): Rule {
  return (l, r) => {
    if (isNumber(l) && isNumber(r)) return l.kind === 'float' || r.kind === 'float' ? float : int
    const pair = pairs.find(([first, second]) => first(l) && second(r))
    if (pair) return pair[2]
    return maybe(l, r, unsure) ? unknown : undefined
  }
}

const rules: Readonly<Record<string, Rule>> = {
  '==': equality,
  '!=': equality,
  and: logical,
  '&&': logical,
  or: logical,
  '||': logical,
  '<': ordered,
  '>': ordered,
  '<=': ordered,
  '>=': ordered,
  contains: texts,
  startsWith: texts,
  endsWith: texts,
  matches: (l, r) => (l.type === '[]uint8' && isText(r) ? bool : texts(l, r)),
  '/': floats,
  '**': floats,
  '^': floats,
  '%': (l, r) => ((isInt(l) && isInt(r)) || maybe(l, r, [isInt]) ? int : undefined),
  '..': (l, r) => ((isInt(l) && isInt(r)) || maybe(l, r, [isInt]) ? listOf(int) : undefined),
  '+': arithmetic(
    [
      [isText, isText, string],
      [isTime, isDuration, time],
      [isDuration, isTime, time],
      [isDuration, isDuration, duration],
    ],
    [isNumber, isText, isTime, isDuration],
  ),
  '-': arithmetic(
    [
      [isTime, isTime, duration],
      [isTime, isDuration, time],
      [isDuration, isDuration, duration],
    ],
    [isNumber, isTime, isDuration],
  ),
  '*': arithmetic(
    [
      [isNumber, isDuration, duration],
      [isDuration, isNumber, duration],
      [isDuration, isDuration, duration],
    ],
    [isNumber, isDuration],
  ),
  '??': (l, r) => {
    if (l.kind === 'nil') return r.kind === 'nil' ? nil : r
    if (r.kind === 'nil') return l
    return assignable(r, l) ? l : unknown
  },
}

function checkIn({ at }: Binary, left: Nature, right: Nature): Nature | undefined {
  if (right.kind === 'map') return checkInMap(at, left, right)
  if (right.kind === 'list') {
    const item = right.item ?? unknown
    if (comparable(left, item)) return bool
    throw new ExprMistake(at, `cannot use ${left.type} as type ${item.type} in array`)
  }
  const isField = right.kind === 'struct' && (isText(left) || isUnknown(left))
  return isField || isUnknown(right) || (isUnknown(left) && isText(right)) ? bool : undefined
}

function checkInMap(at: Location, left: Nature, right: Nature): Nature {
  if (isUnknown(left) || isText(left) || right.type.startsWith('map[interface {}]')) return bool
  throw new ExprMistake(at, `cannot use ${left.type} as type string in map key`)
}
