import { GoDuration } from '../../spec/duration.ts'
import { sprint } from '../go-format.ts'
import { base64, fromBase64, marshal, unmarshal } from '../go-json.ts'
import { truncated } from '../go-math.ts'
import { panic } from '../go-panic.ts'
import { parseGoFloat } from '../go-parse.ts'
import { utf8 } from '../go-quote.ts'
import {
  byteOffset,
  lower,
  replaceText,
  runeCount,
  splitText,
  trimSet,
  trimSpace,
  upper,
} from '../go-text.ts'
import { GoEnum } from '../go-time/go-enum.ts'
import { goType, isNil, isRecord } from '../go-value.ts'
import { dateBuiltins } from './builtins-date.ts'
import { listBuiltins } from './builtins-list.ts'
import type { Builtins } from './builtins-type.ts'
import { isList, isNumber, toInt } from './operators.ts'

const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : panic(
        `interface conversion: interface {} is ${isNil(value) ? 'nil' : goType(value)}, not string`,
      )

/** The built-ins that are plain functions, on arguments that the checker let through. */
export const builtins: Builtins = {
  ...listBuiltins,
  ...dateBuiltins,
  len: ([x]) => length(x),
  type: ([x]) => typeName(x),
  abs: ([x]) => {
    if (typeof x === 'bigint') return BigInt.asIntN(64, x < 0n ? -x : x)
    return typeof x === 'number' ? (x < 0 ? -x : x) : invalid('abs', x)
  },
  ceil: ([x]) => rounded('ceil', x, Math.ceil),
  floor: ([x]) => rounded('floor', x, Math.floor),
  // Go rounds halves away from zero.
  round: ([x]) => rounded('round', x, (n) => Math.sign(n) * Math.round(Math.abs(n))),
  int: ([x]) => toInteger(x),
  float: ([x]) => toFloat(x),
  string: ([x]) => sprint(x),
  trim: ([s, set]) => (set === undefined ? trimSpace(text(s)) : trimSet(text(s), text(set))),
  trimPrefix: ([s, prefix = ' ']) =>
    text(s).startsWith(text(prefix)) ? text(s).slice(text(prefix).length) : s,
  trimSuffix: ([s, suffix = ' ']) => {
    const end = text(suffix)
    return text(s).endsWith(end) ? text(s).slice(0, text(s).length - end.length) : s
  },
  upper: ([s]) => upper(text(s)),
  lower: ([s]) => lower(text(s)),
  split: ([s, by, limit = -1n]) => splitText(text(s), text(by), Number(toInt(limit))),
  splitAfter: ([s, by, limit = -1n]) => splitText(text(s), text(by), Number(toInt(limit)), 'keep'),
  replace: ([s, from, to, limit = -1n]) =>
    replaceText(text(s), text(from), text(to), Number(toInt(limit))),
  repeat: ([s, count], { grow }) => {
    const n = toInt(count)
    if (n < 0n) return panic(`invalid argument for repeat (expected positive integer, got ${n})`)
    if (n > 1_000_000n) return panic('memory budget exceeded')
    grow(text(s).length * Number(n))
    return text(s).repeat(Number(n))
  },
  join: ([list, glue = '']) => {
    if (!Array.isArray(list)) return panic(`invalid argument for join (type ${goType(list)})`)
    return list.map(text).join(text(glue))
  },
  indexOf: ([s, part]) => BigInt(byteOffset(text(s), text(s).indexOf(text(part)))),
  lastIndexOf: ([s, part]) => BigInt(byteOffset(text(s), text(s).lastIndexOf(text(part)))),
  hasPrefix: ([s, prefix]) => text(s).startsWith(text(prefix)),
  hasSuffix: ([s, suffix]) => text(s).endsWith(text(suffix)),
  toJSON: ([x]) => marshal(x, { indent: '  ' }),
  fromJSON: ([s]) => unmarshal(text(s)),
  toBase64: ([s]) => base64(utf8(text(s))),
  fromBase64: ([s]) => {
    const bytes = fromBase64(text(s))
    if (typeof bytes === 'number') return panic(`illegal base64 data at input byte ${bytes}`)
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  },
  bitand: bits('bitand', (x, y) => x & y),
  bitor: bits('bitor', (x, y) => x | y),
  bitxor: bits('bitxor', (x, y) => x ^ y),
  bitnand: bits('bitnand', (x, y) => x & ~y),
  bitshl: bits('bitshl', (x, y) => (shift(y) > 63n ? 0n : x << y)),
  bitshr: bits('bitshr', (x, y) => x >> (shift(y) > 63n ? 63n : y)),
  bitushr: bits('bitushr', (x, y) => (shift(y) > 63n ? 0n : BigInt.asUintN(64, x) >> y)),
  bitnot: ([x]) => ~bitOperand('bitnot', x),
}

function shift(count: bigint): bigint {
  return count < 0n ? panic(`invalid operation: negative shift count ${count} (type int)`) : count
}

function bits(name: string, combine: (x: bigint, y: bigint) => bigint): Builtins[string] {
  return ([x, y]) => BigInt.asIntN(64, combine(bitOperand(name, x), bitOperand(name, y)))
}

function bitOperand(name: string, value: unknown): bigint {
  return typeof value === 'bigint'
    ? value
    : panic(`cannot use ${goType(value)} as argument (type int) to call ${name}`)
}

function invalid(name: string, value: unknown): never {
  panic(`invalid argument for ${name} (type ${goType(value)})`)
}

function length(value: unknown): bigint {
  if (typeof value === 'string') return BigInt(runeCount(value))
  if (isList(value)) return BigInt(value.length)
  if (value instanceof Map) return BigInt(value.size)
  return isRecord(value) ? BigInt(Object.keys(value).length) : invalid('len', value)
}

const kinds: Readonly<Record<string, string>> = {
  '<nil>': 'nil',
  float64: 'float',
  '[]interface {}': 'array',
  '[]uint8': 'array',
  'map[string]interface {}': 'map',
  'map[interface {}]interface {}': 'map',
  '*time.Location': 'unknown',
}

function typeName(value: unknown): string {
  const type = goType(value)
  return type.startsWith('func') ? 'func' : (kinds[type] ?? type)
}

function rounded(name: string, value: unknown, round: (n: number) => number): number {
  return isNumber(value) ? round(Number(value)) : invalid(name, value)
}

function toInteger(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return truncated(value)
  if (value instanceof GoDuration) return value.ns
  if (value instanceof GoEnum) return value.value
  if (isNil(value)) return panic('reflect: call of reflect.Value.Type on zero Value')
  if (typeof value !== 'string') return panic(`invalid operation: int(${goType(value)})`)
  const parsed = /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined
  if (parsed === undefined || BigInt.asIntN(64, parsed) !== parsed)
    return panic(`invalid operation: int(${value})`)
  return parsed
}

/** float(): numbers, and text as strconv.ParseFloat reads it. */
function toFloat(value: unknown): number {
  if (isNumber(value)) return Number(value)
  if (typeof value !== 'string') return panic(`invalid operation: float(${goType(value)})`)
  const parsed = parseGoFloat(value)
  return parsed === undefined ? panic(`invalid operation: float(${value})`) : parsed
}
