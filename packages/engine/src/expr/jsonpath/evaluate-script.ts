import { sprint } from '../go-format.ts'
import { unmarshal } from '../go-json.ts'
import { goPow } from '../go-math.ts'
import { GoPanic, panic } from '../go-panic.ts'
import { parseGoFloat } from '../go-parse.ts'
import { isNil, isRecord } from '../go-value.ts'
import { compileRegexp, matches } from '../re2/regexp.ts'
import { PathMistake, type PathStep } from './path.ts'
import type { Operand, Operation, Script } from './script.ts'

/** Where a script is evaluated. */
export interface Place {
  readonly root: unknown
  readonly current: unknown
  /** Follows a path from a value. */
  find(from: unknown, steps: readonly PathStep[]): unknown
}

/** What a script gives at a value of the document. */
export function evaluate({ source, operation }: Script, place: Place): unknown {
  if (source === '') throw new PathMistake('invalid expression. is empty')
  if (operation !== undefined) return run(operation, place)
  const named = parameter(source, place)
  if (named !== undefined) return named.value
  return parseGoFloat(source) ?? booleans[source] ?? source
}

function run(operation: Operation, place: Place): unknown {
  if (operation.kind === 'operator') {
    const apply = operators[operation.symbol]
    if (apply === undefined) throw new PathMistake('unsupported operator')
    return apply(operation.left, operation.right, place)
  }
  const [, ...next] = operation.steps
  const isRoot = operation.steps[0]?.kind === 'root'
  const value = place.find(isRoot ? place.root : place.current, next)
  // Text from the document is marked as text.
  return typeof value === 'string' && !isQuoted(value) ? `'${value}'` : value
}

const isQuoted = (text: string) => text.length > 1 && text.startsWith("'") && text.endsWith("'")

function parameter(
  text: string,
  { root, current }: Place,
): { readonly value: unknown } | undefined {
  if (text === '$') return { value: root }
  if (text === '@') return { value: current }
  return text === 'nil' || text === 'null' ? { value: null } : undefined
}

/** The value of an operand, names looked up. */
function resolved(operand: Operand, place: Place): unknown {
  const value = rawValueOf(operand, place)
  return (typeof value === 'string' ? parameter(value, place)?.value : undefined) ?? value
}

function rawValueOf(operand: Operand, place: Place): unknown {
  if (typeof operand !== 'object') return operand
  return 'operation' in operand ? run(operand.operation, place) : operand.constant
}

const argument = (what: string) => new PathMistake(`invalid argument. ${what}`)

function numberOf(operand: Operand, place: Place): number {
  if (operand === undefined) throw argument('is nil')
  const number = parseGoFloat(sprint(nilled(resolved(operand, place))))
  if (number === undefined) throw argument('expected number')
  return number
}

// The names nil and null stand for nothing.
function nilled(value: unknown): unknown {
  return value === 'nil' || value === 'null' ? null : value
}

function integerOf(operand: Operand, place: Place): bigint {
  if (operand === undefined) throw argument('is nil')
  const text = sprint(nilled(resolved(operand, place)))
  if (!/^[+-]?\d+$/.test(text)) throw argument('expected integer')
  return BigInt(text)
}

const booleans: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false])),
}

function booleanOf(operand: Operand, place: Place): boolean {
  const value = nilled(resolved(operand, place))
  if (isNil(value)) return false
  const text = sprint(value)
  const found = Object.hasOwn(booleans, text) ? booleans[text] : undefined
  if (found === undefined) throw argument('expected boolean')
  return found
}

function textOf(operand: Operand, place: Place): string {
  if (operand === undefined) throw argument('is nil')
  const raw = rawValueOf(operand, place)
  if (typeof raw !== 'string') return sprint(raw)
  const named = parameter(raw, place)
  if (named !== undefined && typeof named.value !== 'string') return sprint(named.value)
  const text = named === undefined ? raw : String(named.value)
  if (isQuoted(text)) return text
  const inner = /^"(.*)"$/s.exec(text)?.[1]
  if (inner !== undefined) return `'${inner}'`
  return named === undefined ? text : `'${text}'`
}

function plainText(operand: Operand, place: Place): string {
  const text = textOf(operand, place)
  return isQuoted(text) ? text.slice(1, -1) : text
}

function itemsOf(operand: Operand, place: Place): readonly unknown[] {
  if (operand === undefined) throw argument('is nil')
  const value = parsed(nilled(resolved(operand, place)))
  if (isNil(value)) throw argument('is nil')
  if (Array.isArray(value)) return value
  if (isRecord(value)) return Object.values(value)
  throw argument('expected array, map, or slice')
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\{.*\}$|^\[.*\]$/s.test(value)) return value
  try {
    return unmarshal(value)
  } catch (mistake) {
    if (mistake instanceof GoPanic) throw new PathMistake('invalid argument')
    throw mistake
  }
}

type Apply = (left: Operand, right: Operand, place: Place) => unknown

const onNumbers =
  (combine: (a: number, b: number) => unknown): Apply =>
  (left, right, place) => {
    const first = numberOf(left, place)
    return combine(first, numberOf(right, place))
  }

const onBooleans =
  (combine: (a: boolean, b: boolean) => boolean): Apply =>
  (left, right, place) => {
    const first = booleanOf(left, place)
    return combine(first, booleanOf(right, place))
  }

const equal: Apply = (left, right, place) => {
  const [a, b] = [attempt(() => numberOf(left, place)), attempt(() => numberOf(right, place))]
  if (a !== undefined && b !== undefined) return a === b
  const first = textOf(left, place)
  return first === textOf(right, place)
}

const among: Apply = (left, right, place) => {
  const wanted =
    attempt(() => numberOf(left, place)) ??
    attempt(() => textOf(left, place)) ??
    attempt(() => booleanOf(left, place))
  return itemsOf(right, place).includes(wanted)
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (mistake) {
    if (mistake instanceof PathMistake) return undefined
    throw mistake
  }
}

const operators: Readonly<Record<string, Apply>> = {
  '||': onBooleans((a, b) => a || b),
  '&&': onBooleans((a, b) => a && b),
  '!': (_, right, place) => !booleanOf(right, place),
  '==': equal,
  '!=': (left, right, place) => !equal(left, right, place),
  '<': onNumbers((a, b) => a < b),
  '<=': onNumbers((a, b) => a <= b),
  '>': onNumbers((a, b) => a > b),
  '>=': onNumbers((a, b) => a >= b),
  '+': onNumbers((a, b) => a + b),
  '-': onNumbers((a, b) => a - b),
  '*': onNumbers((a, b) => a * b),
  '/': onNumbers((a, b) => a / b),
  '**': onNumbers(goPow),
  '%': (left, right, place) => {
    const first = integerOf(left, place)
    const second = integerOf(right, place)
    return second === 0n ? panic('runtime error: integer divide by zero') : first % second
  },
  '=~': (left, right, place) => {
    const text = plainText(left, place)
    const regexp = compileRegexp(plainText(right, place))
    if ('error' in regexp) throw argument('expected a valid regexp')
    return matches(regexp, text)
  },
  in: among,
  'not in': (left, right, place) => !among(left, right, place),
}
