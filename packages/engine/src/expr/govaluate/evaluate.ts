import { sprint } from '../go-format.ts'
import { goPow, truncated } from '../go-math.ts'
import { compareText, isRecord } from '../go-value.ts'
import { compileRegexp, type GoRegexp, matches } from '../re2/regexp.ts'
import type { Stage } from './plan.ts'
import { GovaluateMistake } from './token.ts'

/** Runs planned stages; throws GovaluateMistake. */
export function run(stage: Stage, parameters: Readonly<Record<string, unknown>>): unknown {
  switch (stage.kind) {
    case 'literal':
      return stage.value
    case 'parameter':
      return parameter(parameters, String(stage.value))
    case 'accessor':
      return access(parameters, String(stage.value).split('.'))
    case 'noop':
      return stage.right ? run(stage.right, parameters) : undefined
    case 'prefix':
      return prefix(stage.symbol, stage.right ? run(stage.right, parameters) : undefined)
    case 'operator':
      return binary(stage, parameters)
  }
}

function parameter(parameters: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!Object.hasOwn(parameters, name)) throw new GovaluateMistake(`No parameter '${name}' found.`)
  const value = parameters[name]
  return typeof value === 'bigint' ? Number(value) : value
}

// Only Go structs have fields here, and no manifest ever holds one.
function access(parameters: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  const [root = '', field = ''] = path
  parameter(parameters, root)
  throw new GovaluateMistake(`Unable to access '${field}', '${root}' is not a struct`)
}

function prefix(symbol: string, value: unknown): unknown {
  if (symbol === '!' ? typeof value !== 'boolean' : typeof value !== 'number')
    throw new GovaluateMistake(
      `Value '${sprint(value)}' cannot be used with the prefix '${symbol}'`,
    )
  if (symbol === '!') return !value
  return symbol === '-' ? -Number(value) : Number(~truncated(Number(value)))
}

function binary(stage: Stage, parameters: Readonly<Record<string, unknown>>): unknown {
  const { symbol } = stage
  const left = stage.left ? run(stage.left, parameters) : undefined
  if (isDecided(symbol, left)) return left
  const skip = symbol === '?' && left === false
  const right = skip || !stage.right ? undefined : run(stage.right, parameters)
  const operator = operators[symbol]
  if (operator === undefined) throw new GovaluateMistake(`Unknown operator '${symbol}'`)
  return operator(left, right, symbol)
}

// The left side alone settles it, so the right one is not even looked at.
function isDecided(symbol: string, left: unknown): boolean {
  if (symbol === '&&') return left === false
  if (symbol === '||') return left === true
  return (symbol === '??' || symbol === ':') && left !== undefined && left !== null
}

type Operator = (left: unknown, right: unknown, symbol: string) => unknown

const operators: Readonly<Record<string, Operator>> = {
  '==': (l, r) => deepEqual(l, r),
  '!=': (l, r) => !deepEqual(l, r),
  '<': compared((c) => c < 0),
  '<=': compared((c) => c <= 0),
  '>': compared((c) => c > 0),
  '>=': compared((c) => c >= 0),
  '=~': (l, r, symbol) => matchesPattern(l, r, symbol),
  '!~': (l, r, symbol) => !matchesPattern(l, r, symbol),
  in: (l, r, symbol) => {
    if (!Array.isArray(r)) throw mismatch('comparator', r, symbol)
    return r.some((item) => item === l)
  },
  '&&': logical((l, r) => l && r),
  '||': logical((l, r) => l || r),
  '+': add,
  '-': numeric((l, r) => l - r),
  '*': numeric((l, r) => l * r),
  '/': numeric((l, r) => l / r),
  '%': numeric((l, r) => l % r),
  '**': numeric(goPow),
  '|': numeric((l, r) => Number(truncated(l) | truncated(r))),
  '&': numeric((l, r) => Number(truncated(l) & truncated(r))),
  '^': numeric((l, r) => Number(truncated(l) ^ truncated(r))),
  '<<': numeric((l, r) => shifted(l, r, (a, b) => a << b)),
  '>>': numeric((l, r) => shifted(l, r, (a, b) => a >> b)),
  '?': (l, r) => {
    if (typeof l !== 'boolean') throw mismatch('ternary operator', l, '?')
    return l ? r : undefined
  },
  ':': (_l, r) => r,
  '??': (_l, r) => r,
  ',': (l, r) => (Array.isArray(l) ? [...l, r] : [l, r]),
}

const wanted: Readonly<Record<string, string>> = {
  'logical operator': 'bool',
  modifier: 'number',
  comparator: 'number',
  'ternary operator': 'bool',
}

function mismatch(kind: string, value: unknown, symbol: string): GovaluateMistake {
  const written = symbol === '==' ? '=' : symbol
  return new GovaluateMistake(
    `Value '${shown(value)}' cannot be used with the ${kind} '${written}', it is not a ${wanted[kind]}`,
  )
}

function compared(accept: (order: number) => boolean): Operator {
  return (left, right, symbol) => {
    if (typeof left === 'string' && typeof right === 'string')
      return accept(compareText(left, right))
    if (typeof left === 'number' && typeof right === 'number')
      return accept(orderOfNumbers(left, right))
    throw mismatch('comparator', left, symbol)
  }
}

function orderOfNumbers(left: number, right: number): number {
  if (left < right) return -1
  if (left > right) return 1
  return left === right ? 0 : Number.NaN
}

function logical(combine: (l: boolean, r: boolean) => boolean): Operator {
  return (left, right, symbol) => {
    if (typeof left !== 'boolean') throw mismatch('logical operator', left, symbol)
    if (typeof right !== 'boolean') throw mismatch('logical operator', right, symbol)
    return combine(left, right)
  }
}

function numeric(combine: (l: number, r: number) => number): Operator {
  return (left, right, symbol) => {
    if (typeof left !== 'number') throw mismatch('modifier', left, symbol)
    if (typeof right !== 'number') throw mismatch('modifier', right, symbol)
    return combine(left, right)
  }
}

function add(left: unknown, right: unknown, symbol: string): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left + right
  if (typeof left === 'string' || typeof right === 'string') return shown(left) + shown(right)
  throw mismatch('modifier', left, symbol)
}

function shifted(left: number, right: number, shift: (a: bigint, b: bigint) => bigint): number {
  const count = BigInt.asUintN(64, truncated(right))
  if (count >= 64n) return 0
  return Number(BigInt.asUintN(64, shift(BigInt.asUintN(64, truncated(left)), count)))
}

function matchesPattern(left: unknown, right: unknown, symbol: string): boolean {
  if (typeof left !== 'string') throw mismatch('comparator', left, symbol)
  if (typeof right === 'string') {
    const compiled = compileRegexp(right)
    if ('error' in compiled)
      throw new GovaluateMistake(`Unable to compile regexp pattern '${right}': ${compiled.error}`)
    return matches(compiled, left)
  }
  if (!isRegexp(right)) throw mismatch('comparator', right, symbol)
  return matches(right, left)
}

// A pattern that an operator takes for a value is the text that it was.
function shown(value: unknown): string {
  return isRegexp(value) ? value.source : sprint(value)
}

function isRegexp(value: unknown): value is GoRegexp {
  return isRecord(value) && 'program' in value
}

function deepEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, i) => deepEqual(item, right[i]))
  if (isRecord(left) && isRecord(right)) {
    const keys = Object.keys(left)
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key]))
    )
  }
  return (left ?? null) === (right ?? null)
}
