import { GoDuration } from '../../spec/duration.ts'
import { goPow, int64 } from '../go-math.ts'
import { panic } from '../go-panic.ts'
import { GoEnum } from '../go-time/go-enum.ts'
import { between, GoTime } from '../go-time/go-time.ts'
import { compareText, goType, isNil, isRecord } from '../go-value.ts'

/** `==`: numbers by value, lists item by item, maps only with equal types inside. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isNumber(a) || isNumber(b))
    return isNumber(a) && isNumber(b) && Number(a) === Number(b) && typeof a !== typeof b
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index]))
  return deepEqual(a, b)
}

/** reflect.DeepEqual: 1 and 1.0 differ. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  if (a instanceof Map && b instanceof Map) return equalEntries(a, b)
  if (isList(a) && isList(b)) return equalLists(a, b)
  if (isRecord(a) && isRecord(b))
    return equalEntries(new Map(Object.entries(a)), new Map(Object.entries(b)))
  const x = instant(a)
  return x !== undefined && x === instant(b) && goType(a) === goType(b)
}

function equalLists(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (item, i) => deepEqual(item, b[i]))
}

function instant(value: unknown): bigint | undefined {
  if (value instanceof GoEnum) return value.value
  return value instanceof GoTime || value instanceof GoDuration ? value.ns : undefined
}

function equalEntries(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return (
    a.size === b.size && [...a].every(([key, value]) => b.has(key) && deepEqual(value, b.get(key)))
  )
}

/** Arrays and bytes. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Uint8Array
}

/** Negative, zero or positive; NaN compares with nothing; undefined when Go cannot compare them. */
function order(a: unknown, b: unknown): number | undefined {
  if (isNumber(a) && isNumber(b)) return orderOfNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (a instanceof GoTime && b instanceof GoTime) return sign(a.ns - b.ns)
  if (a instanceof GoDuration && b instanceof GoDuration) return sign(a.ns - b.ns)
  return undefined
}

function orderOfNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0
}

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

export function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number'
}

function comparison(symbol: string, accept: (order: number) => boolean) {
  return (a: unknown, b: unknown): boolean => {
    const found = order(a, b)
    return found === undefined ? undefinedFor(symbol, a, b) : accept(found)
  }
}

export const less = comparison('<', (o) => o < 0)
export const lessOrEqual = comparison('<=', (o) => o <= 0)
export const more = comparison('>', (o) => o > 0)
export const moreOrEqual = comparison('>=', (o) => o >= 0)

function undefinedFor(symbol: string, a: unknown, b: unknown): never {
  panic(`invalid operation: ${goType(a)} ${symbol} ${goType(b)}`)
}

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(a + b)
  if (isNumber(a) && isNumber(b)) return Number(a) + Number(b)
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (a instanceof GoTime && b instanceof GoDuration) return new GoTime(a.ns + b.ns, a.zone)
  if (a instanceof GoDuration && b instanceof GoTime) return new GoTime(b.ns + a.ns, b.zone)
  if (a instanceof GoDuration && b instanceof GoDuration) return new GoDuration(a.ns + b.ns)
  return undefinedFor('+', a, b)
}

export function subtract(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(a - b)
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b)
  if (a instanceof GoTime && b instanceof GoTime) return between(a, b)
  if (a instanceof GoTime && b instanceof GoDuration) return new GoTime(a.ns - b.ns, a.zone)
  if (a instanceof GoDuration && b instanceof GoDuration) return new GoDuration(a.ns - b.ns)
  return undefinedFor('-', a, b)
}

export function multiply(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(a * b)
  if (isNumber(a) && isNumber(b)) return Number(a) * Number(b)
  const x = nanoseconds(a)
  const y = nanoseconds(b)
  if (x === undefined || y === undefined) return undefinedFor('*', a, b)
  if (typeof a === 'number' || typeof b === 'number') return Number(x) * Number(y)
  return new GoDuration(BigInt(x) * BigInt(y))
}

function nanoseconds(value: unknown): bigint | number | undefined {
  if (value instanceof GoDuration) return value.ns
  return isNumber(value) ? value : undefined
}

export function divide(a: unknown, b: unknown): unknown {
  return isNumber(a) && isNumber(b) ? Number(a) / Number(b) : undefinedFor('/', a, b)
}

export function modulo(a: unknown, b: unknown): unknown {
  if (typeof a !== 'bigint' || typeof b !== 'bigint') return undefinedFor('%', a, b)
  return b === 0n ? panic('runtime error: integer divide by zero') : a % b
}

export function power(a: unknown, b: unknown): unknown {
  return goPow(toFloat(a), toFloat(b))
}

export function negate(value: unknown): unknown {
  if (typeof value === 'bigint') return int64(-value)
  if (typeof value === 'number') return -value
  return panic(`invalid operation: - ${goType(value)}`)
}

function toFloat(value: unknown): number {
  return isNumber(value) ? Number(value) : panic(`invalid operation: float(${goType(value)})`)
}

const lowest = -(1n << 63n)

/** Go's conversion of a number to int. */
export function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value !== 'number') return panic(`invalid operation: int(${goType(value)})`)
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : lowest
}

/** A type assertion `x.(bool)`. */
export function asBool(value: unknown): boolean {
  return typeof value === 'boolean' ? value : wrongType(value, 'bool')
}

/** A type assertion `x.(string)`. */
export function asString(value: unknown): string {
  return typeof value === 'string' ? value : wrongType(value, 'string')
}

export function wrongType(value: unknown, wanted: string): never {
  panic(
    `interface conversion: interface {} is ${isNil(value) ? 'nil' : goType(value)}, not ${wanted}`,
  )
}
