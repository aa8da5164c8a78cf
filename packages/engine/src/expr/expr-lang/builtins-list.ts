import { GoDuration } from '../../spec/duration.ts'
import { sprint } from '../go-format.ts'
import { panic } from '../go-panic.ts'
import { goType, isNil, isRecord } from '../go-value.ts'
import { fetch, getOrNil } from './access.ts'
import type { Builtins } from './builtins-type.ts'
import { distinct } from './distinct.ts'
import { equal, isList, isNumber, less, more } from './operators.ts'

/** The built-ins about lists and maps. */
export const listBuiltins: Builtins = {
  first: ([list]) => fetchOrNil(list, 0n),
  last: ([list]) => fetchOrNil(list, -1n),
  get: ([from, key]) => getOrNil(from, key),
  take: ([list, count]) => {
    const items = listOf(list, 'take from')
    if (typeof count !== 'bigint') return panic(`cannot take ${kindOf(count)} elements`)
    if (count < 0n) return panic('reflect.Value.Slice: slice index out of bounds')
    return items.slice(0, Number(count))
  },
  keys: ([map]) => entriesOf(map, 'get keys from').map(([key]) => key),
  values: ([map]) => entriesOf(map, 'get values from').map(([, value]) => value),
  toPairs: ([map]) => {
    const kind = kindOf(map)
    if (kind !== 'map') return panic(`cannot transform ${kind} to pairs`)
    return entriesOf(map, '').map(([key, value]) => [key, value])
  },
  fromPairs: ([list]) => {
    const made = new Map<unknown, unknown>()
    if (!isList(list)) return panic(`cannot transform ${sprint(list)} from pairs`)
    for (const pair of Array.from(list)) {
      if (!isList(pair)) panic(`invalid pair ${sprint(pair)}`)
      if (pair.length !== 2) panic(`invalid pair length ${sprint(pair)}`)
      made.set(pair[0], pair[1])
    }
    return made
  },
  reverse: ([list], { grow }) => {
    const items = listOf(list, 'reverse')
    grow(items.length)
    return items.toReversed()
  },
  uniq: ([list]) => distinct(listOf(list, 'uniq'), equal),
  concat: (lists, { grow }) => {
    if (lists.length === 0) return panic('invalid number of arguments (expected at least 1, got 0)')
    const all = lists.flatMap((list) => listOf(list, 'concat'))
    grow(all.length)
    return all
  },
  flatten: ([list], { grow }) => {
    const flat = flatten(listOf(list, 'flatten'), 0)
    grow(flat.length)
    return flat
  },
  sort: ([list, order = 'asc'], { grow }) => {
    if (typeof order !== 'string')
      return panic(`sort order argument must be a string (got ${goType(order)})`)
    if (order !== 'asc' && order !== 'desc')
      return panic(`invalid order ${order}, expected asc or desc`)
    const direction = order === 'asc' ? 1 : -1
    const items = isList(list) ? Array.from(list) : []
    grow(items.length)
    return items.sort((a, b) => (less(a, b) ? -direction : less(b, a) ? direction : 0))
  },
  max: (args) => extreme('max', less, args, 0),
  min: (args) => extreme('min', more, args, 0),
  mean: (args) => {
    const values = numbers('mean', args, 0)
    return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  },
  median: (args) => {
    const values = numbers('median', args, 0).sort((a, b) => a - b)
    const middle = Math.floor(values.length / 2)
    if (values.length === 0) return 0
    const upper = values[middle] ?? 0
    return values.length % 2 === 1 ? upper : ((values[middle - 1] ?? 0) + upper) / 2
  },
}

function fetchOrNil(list: unknown, index: bigint): unknown {
  const isIndexable = typeof list === 'string' || (isList(list) && list.length > 0)
  return isIndexable && !(typeof list === 'string' && list === '') ? fetch(list, index) : null
}

const kinds: Readonly<Record<string, string>> = {
  '<nil>': 'invalid',
  '*time.Location': 'ptr',
  'time.Time': 'struct',
  'time.Duration': 'int64',
}

/** The reflect.Kind of a value. */
function kindOf(value: unknown): string {
  const type = goType(value)
  if (type.startsWith('map')) return 'map'
  if (type.startsWith('[]')) return 'slice'
  return type.startsWith('func') ? 'func' : (kinds[type] ?? type)
}

function listOf(value: unknown, action: string): unknown[] {
  if (value instanceof Uint8Array) return Array.from(value, BigInt)
  return Array.isArray(value) ? value : panic(`cannot ${action} ${kindOf(value)}`)
}

function entriesOf(map: unknown, action: string): readonly (readonly [unknown, unknown])[] {
  if (map instanceof Map) return [...map]
  return isRecord(map) ? Object.entries(map) : panic(`cannot ${action} ${kindOf(map)}`)
}

const deepest = 1000

function flatten(list: readonly unknown[], depth: number): unknown[] {
  if (depth > deepest) panic('recursion depth exceeded')
  return list.flatMap((item) => (Array.isArray(item) ? flatten(item, depth + 1) : [item]))
}

function extreme(
  name: string,
  isBetter: (a: unknown, b: unknown) => boolean,
  args: readonly unknown[],
  depth: number,
): unknown {
  if (depth > deepest) panic('recursion depth exceeded')
  let best: unknown = null
  for (const arg of args) {
    const found = isList(arg) ? extreme(name, isBetter, nested(name, arg), depth + 1) : arg
    if (isList(arg) && isNil(found)) continue
    if (!isNumber(found)) return onlyArgument(name, found, depth + args.length === 1)
    best = isNil(best) || isBetter(best, found) ? found : best
  }
  return best
}

// A single argument of any type is its own extreme.
function onlyArgument(name: string, value: unknown, isOnly: boolean): unknown {
  return isOnly ? value : panic(`invalid argument for ${name} (type ${goType(value)})`)
}

// Inside a list every item must be a number or a list.
function nested(name: string, list: ArrayLike<unknown>): readonly unknown[] {
  const items = Array.from(list)
  for (const item of items)
    if (!isNumber(item) && !isList(item))
      panic(`invalid argument for ${name} (type ${goType(item)})`)
  return items
}

function numbers(name: string, args: readonly unknown[], depth: number): number[] {
  if (depth > deepest) panic('recursion depth exceeded')
  return args.flatMap((arg) => {
    if (isNumber(arg)) return [Number(arg)]
    if (arg instanceof GoDuration) return [Number(arg.ns)]
    if (isList(arg)) return numbers(name, Array.from(arg), depth + 1)
    return panic(`invalid argument for ${name} (type ${goType(arg)})`)
  })
}
