import { distinct } from '../expr-lang/distinct.ts'
import { deepEqual, isList } from '../expr-lang/operators.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { compareText, isNil } from '../go-value.ts'
import { castInt } from './cast.ts'
import { isEmpty } from './empty.ts'
import { kindOf } from './kind.ts'
import { strval } from './strval.ts'

const push = goFunction('any, any -> list', (list: unknown, value: unknown) => [
  ...items(list, 'Cannot push on type'),
  value,
])
const prepend = goFunction('any, any -> list', (list: unknown, value: unknown) => [
  value,
  ...items(list, 'Cannot prepend on type'),
])
const first = goFunction(
  'any -> any',
  (list: unknown) => items(list, 'Cannot find first on type')[0] ?? null,
)
const last = goFunction(
  'any -> any',
  (list: unknown) => items(list, 'Cannot find last on type').at(-1) ?? null,
)
const rest = goFunction('any -> list', (list: unknown) =>
  items(list, 'Cannot find rest on type').slice(1),
)
const initial = goFunction('any -> list', (list: unknown) =>
  items(list, 'Cannot find initial on type').slice(0, -1),
)
const reverse = goFunction('any -> list', (list: unknown) =>
  items(list, 'Cannot find reverse on type').toReversed(),
)
const compact = goFunction('any -> list', (list: unknown) =>
  items(list, 'Cannot compact on type').filter((item) => !isEmpty(item)),
)
const uniq = goFunction('any -> list', (list: unknown) =>
  distinct(items(list, 'Cannot find uniq on type'), deepEqual),
)
const without = goFunction('any, ...any -> list', (list: unknown, ...omit: unknown[]) =>
  items(list, 'Cannot find without on type').filter((item) => !includes(omit, item)),
)
const has = goFunction(
  'any, any -> bool',
  (needle: unknown, list: unknown) =>
    !isNil(list) && includes(items(list, 'Cannot find has on type'), needle),
)
const slice = goFunction(
  'any, ...any -> any',
  (list: unknown, from: unknown = 0n, to?: unknown) => {
    const all = items(list, 'list should be type of slice or array but')
    if (all.length === 0) return null
    const start = Number(castInt(from))
    const end = to === undefined ? all.length : Number(castInt(to))
    if (start < 0 || end > all.length || start > end)
      panic('reflect.Value.Slice: slice index out of bounds')
    return all.slice(start, end)
  },
)
const chunk = goFunction('int, any -> list', (size: bigint, list: unknown) => {
  const all = items(list, 'Cannot chunk type')
  if (size <= 0n) return panic('runtime error: makeslice: len out of range')
  const step = Number(size)
  return Array.from({ length: Math.ceil(all.length / step) }, (_, i) =>
    all.slice(i * step, i * step + step),
  )
})
const list = goFunction('...any -> list', (...values: unknown[]) => values)

/** Sprig's functions on lists. */
export const listFunctions: Readonly<Record<string, GoFunction>> = {
  list,
  tuple: list,
  append: push,
  push,
  mustAppend: push,
  mustPush: push,
  prepend,
  mustPrepend: prepend,
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest,
  mustRest: rest,
  initial,
  mustInitial: initial,
  reverse,
  mustReverse: reverse,
  compact,
  mustCompact: compact,
  uniq,
  mustUniq: uniq,
  without,
  mustWithout: without,
  has,
  mustHas: has,
  slice,
  mustSlice: slice,
  chunk,
  mustChunk: chunk,
  concat: goFunction('...any -> any', (...lists: unknown[]) =>
    lists.flatMap((each) => {
      if (!isList(each)) panic(`Cannot concat type ${kindOf(each)} as list`)
      return items(each, '')
    }),
  ),
  join: goFunction('string, any -> string', (separator: string, value: unknown) =>
    texts(value).join(separator),
  ),
  sortAlpha: goFunction('any -> strings', (value: unknown) =>
    isNil(value) ? [strval(value)] : texts(value).sort(compareText),
  ),
  toStrings: goFunction('any -> strings', texts),
}

function includes(list: readonly unknown[], value: unknown): boolean {
  return list.some((item) => deepEqual(item, value))
}

function items(list: unknown, refusal: string): readonly unknown[] {
  if (Array.isArray(list)) return list
  if (list instanceof Uint8Array) return Array.from(list, BigInt)
  if (isNil(list)) panic('runtime error: invalid memory address or nil pointer dereference')
  return panic(`${refusal} ${kindOf(list)}`)
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => !isNil(item)).map(strval)
  return isNil(value) ? [] : [strval(value)]
}
