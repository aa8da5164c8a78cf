import { sprint } from '../go-format.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { goPow, int64 } from '../go-math.ts'
import { panic } from '../go-panic.ts'
import { castFloat, castInt } from './cast.ts'
import { decimalFold, minus, over, plus, times } from './decimal.ts'

const largest = (...values: unknown[]) => values.map(castInt).reduce((a, b) => (b > a ? b : a))

/** Sprig's arithmetic. */
export const numberFunctions: Readonly<Record<string, GoFunction>> = {
  int: goFunction('any -> int', castInt),
  int64: goFunction('any -> int', castInt),
  float64: goFunction('any -> float64', castFloat),
  atoi: goFunction('string -> int', (text: string) =>
    /^[+-]?\d+$/.test(text) ? clamped(BigInt(text.replace('+', ''))) : 0n,
  ),
  toDecimal: goFunction('any -> int', (value: unknown) => {
    const text = sprint(value)
    return /^[+-]?[0-7]+$/.test(text) ? BigInt(Number.parseInt(text, 8)) : 0n
  }),
  add1: goFunction('any -> int', (value: unknown) => int64(castInt(value) + 1n)),
  add: goFunction('...any -> int', (...values: unknown[]) =>
    int64(values.reduce((sum: bigint, value) => sum + castInt(value), 0n)),
  ),
  sub: goFunction('any, any -> int', (a: unknown, b: unknown) => int64(castInt(a) - castInt(b))),
  div: goFunction('any, any -> int', (a: unknown, b: unknown) => int64(castInt(a) / divisor(b))),
  mod: goFunction('any, any -> int', (a: unknown, b: unknown) => castInt(a) % divisor(b)),
  mul: goFunction('any, ...any -> int', (a: unknown, ...rest: unknown[]) =>
    int64(rest.reduce((product: bigint, value) => product * castInt(value), castInt(a))),
  ),
  add1f: goFunction('any -> float64', (a: unknown) => decimalFold(castFloat(a), [1], plus)),
  addf: goFunction('...any -> float64', (...rest: unknown[]) =>
    decimalFold(0, rest.map(castFloat), plus),
  ),
  subf: goFunction('any, ...any -> float64', (a: unknown, ...rest: unknown[]) =>
    decimalFold(castFloat(a), rest.map(castFloat), minus),
  ),
  mulf: goFunction('any, ...any -> float64', (a: unknown, ...rest: unknown[]) =>
    decimalFold(castFloat(a), rest.map(castFloat), times),
  ),
  divf: goFunction('any, ...any -> float64', (a: unknown, ...rest: unknown[]) => {
    const divisors = rest.map(castFloat)
    return divisors.includes(0)
      ? panic('decimal division by 0')
      : decimalFold(castFloat(a), divisors, over)
  }),
  max: goFunction('any, ...any -> int', largest),
  biggest: goFunction('any, ...any -> int', largest),
  min: goFunction('any, ...any -> int', (...values: unknown[]) =>
    values.map(castInt).reduce((a, b) => (b < a ? b : a)),
  ),
  maxf: goFunction('any, ...any -> float64', (...values: unknown[]) =>
    Math.max(...values.map(castFloat)),
  ),
  minf: goFunction('any, ...any -> float64', (...values: unknown[]) =>
    Math.min(...values.map(castFloat)),
  ),
  ceil: goFunction('any -> float64', (value: unknown) => Math.ceil(castFloat(value))),
  floor: goFunction('any -> float64', (value: unknown) => Math.floor(castFloat(value))),
  round: goFunction(
    'any, int, ...float64 -> float64',
    (value: unknown, places: bigint, on = 0.5) => {
      const power = goPow(10, Number(places))
      const digit = power * castFloat(value)
      const rest = digit - Math.trunc(digit)
      return (rest >= on ? Math.ceil(digit) : Math.floor(digit)) / power
    },
  ),
  until: goFunction('int -> list', (count: bigint) => steps(0n, count, count < 0n ? -1n : 1n)),
  untilStep: goFunction('int, int, int -> list', steps),
  seq: goFunction('...int -> string', (...numbers: bigint[]) => sequence(numbers).join(' ')),
}

function clamped(value: bigint): bigint {
  const wrapped = int64(value)
  if (wrapped === value) return value
  return value < 0n ? -(1n << 63n) : (1n << 63n) - 1n
}

function divisor(value: unknown): bigint {
  const number = castInt(value)
  return number === 0n ? panic('runtime error: integer divide by zero') : number
}

const most = 1_000_000

function steps(start: bigint, stop: bigint, step: bigint): bigint[] {
  const down = stop < start
  if (down ? step >= 0n : step <= 0n) return []
  const made: bigint[] = []
  for (let at = start; down ? at > stop : at < stop; at += step) {
    if (made.push(at) > most) panic('memory budget exceeded')
  }
  return made
}

function sequence(numbers: readonly bigint[]): bigint[] {
  const [first = 0n, second = 0n, third = 0n] = numbers
  if (numbers.length === 0 || numbers.length > 3) return []
  if (numbers.length === 3) {
    const down = third < first
    return down && second > 0n ? [] : steps(first, third + (down ? -1n : 1n), second)
  }
  const start = numbers.length === 1 ? 1n : first
  const stop = numbers.length === 1 ? first : second
  const step = stop < start ? -1n : 1n
  return steps(start, stop + step, step)
}
