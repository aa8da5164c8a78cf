import { sprint } from '../go-format.ts'
import { panic } from '../go-panic.ts'
import { utf8 } from '../go-quote.ts'
import { byteLength, byteSlice } from '../go-text.ts'
import { absentIn, goType, isNil, isRecord } from '../go-value.ts'
import { equal, isList, toInt } from './operators.ts'
import { methodOf } from './time-methods.ts'

/** `from[key]` and `from.key`; panics where Go's runtime does. */
export function fetch(from: unknown, key: unknown): unknown {
  if (isRecord(from)) return field(from, key)
  if (Array.isArray(from)) return item(from, from.length, key)
  return fetchOther(from, key)
}

function field(from: Readonly<Record<string, unknown>>, key: unknown): unknown {
  const name = isNil(key) ? '' : mapKey(key)
  return Object.hasOwn(from, name) ? (from[name] ?? null) : absentIn(from)
}

function mapKey(key: unknown): string {
  if (typeof key === 'string') return key
  return panic(
    `reflect.Value.MapIndex: value of type ${goType(key)} is not assignable to type string`,
  )
}

function item(from: ArrayLike<unknown>, length: number, key: unknown): unknown {
  let index = Number(toInt(key))
  if (index < 0) index += length
  if (index < 0 || index >= length)
    panic(`index out of range: ${index} (array length is ${length})`)
  return from[index] ?? null
}

function fetchOther(from: unknown, key: unknown): unknown {
  const method = typeof key === 'string' ? methodOf(from, key) : undefined
  if (method) return method
  if (from instanceof Map) return from.get(key) ?? null
  if (typeof from === 'string') {
    const bytes = utf8(from)
    return BigInt(Number(item(bytes, bytes.length, key)))
  }
  if (from instanceof Uint8Array) return BigInt(Number(item(from, from.length, key)))
  return panic(`cannot fetch ${sprint(key)} from ${goType(from)}`)
}

/** `get()`: like `fetch`, but nil where nothing is. */
export function getOrNil(from: unknown, key: unknown): unknown {
  if (isNil(from)) return null
  if (typeof from === 'string') return isInside(byteLength(from), key) ? fetch(from, key) : null
  if (isList(from)) return isInside(from.length, key) ? fetch(from, key) : null
  if (isRecord(from) || from instanceof Map) return fetch(from, key)
  return typeof key === 'string' ? (methodOf(from, key) ?? null) : null
}

function isInside(length: number, key: unknown): boolean {
  const index = Number(toInt(key))
  return index < 0 ? index + length >= 0 : index < length
}

/** `list[from:to]`; strings are cut by bytes. */
export function slice(list: unknown, from: unknown, to: unknown): unknown {
  const isText = typeof list === 'string'
  if (!isText && !isList(list)) return panic(`cannot slice ${sprint(from)}`)
  const length = isText ? byteLength(list) : list.length
  const start = bounded(Number(toInt(from)), length)
  const end = Math.min(bounded(Number(toInt(to)), length), length)
  const first = Math.min(start, end)
  if (isText) return byteSlice(list, first, end)
  return Array.isArray(list) ? list.slice(first, end) : (list as Uint8Array).slice(first, end)
}

function bounded(index: number, length: number): number {
  return Math.max(0, index < 0 ? index + length : index)
}

/** What `x[:]` takes as the end: the length in bytes. */
export function lengthForSlice(list: unknown): bigint {
  if (typeof list === 'string') return BigInt(byteLength(list))
  if (isList(list)) return BigInt(list.length)
  if (isRecord(list)) return BigInt(Object.keys(list).length)
  return panic(`invalid argument for len (type ${goType(list)})`)
}

/** `needle in container`. */
export function contains(needle: unknown, container: unknown): boolean {
  if (isNil(container)) return false
  if (isList(container))
    return Array.prototype.some.call(container, (value: unknown) => equal(value, needle))
  if (isRecord(container)) return Object.hasOwn(container, isNil(needle) ? '' : mapKey(needle))
  if (container instanceof Map) return container.has(needle)
  return panic(`operator "in" not defined on ${goType(container)}`)
}
