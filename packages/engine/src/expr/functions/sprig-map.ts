import { nilMap } from '../expr-lang/call.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { goType, isNil, isRecord } from '../go-value.ts'
import { isEmpty } from './empty.ts'
import { strval } from './strval.ts'

type Dict = Readonly<Record<string, unknown>>

const merge = goFunction('map, ...map -> any', (first: Dict, ...rest: Dict[]) =>
  rest.reduce((merged, source) => merged2(merged, source, 'keep'), first),
)
const mergeOverwrite = goFunction('map, ...map -> any', (first: Dict, ...rest: Dict[]) =>
  rest.reduce((merged, source) => merged2(merged, source, 'overwrite'), first),
)
const deepCopy = goFunction('any -> any', copied)

/** Sprig's functions on maps. Nothing is changed in place: what Go would change comes back as a new map. */
export const mapFunctions: Readonly<Record<string, GoFunction>> = {
  dict: goFunction('...any -> map', (...values: unknown[]) => {
    const pairs: [string, unknown][] = []
    for (let i = 0; i < values.length; i += 2)
      pairs.push([strval(values[i]), i + 1 < values.length ? values[i + 1] : ''])
    return Object.fromEntries(pairs)
  }),
  get: goFunction('map, string -> any', (dict: Dict, key: string) =>
    Object.hasOwn(dict, key) ? dict[key] : '',
  ),
  set: goFunction('map, string, any -> map', (dict: Dict, key: string, value: unknown) =>
    dict === nilMap
      ? panic('assignment to entry in nil map')
      : Object.fromEntries([...Object.entries(dict), [key, value]]),
  ),
  unset: goFunction('map, string -> map', (dict: Dict, key: string) =>
    Object.fromEntries(Object.entries(dict).filter(([name]) => name !== key)),
  ),
  hasKey: goFunction('map, string -> bool', (dict: Dict, key: string) => Object.hasOwn(dict, key)),
  pluck: goFunction('string, ...map -> list', (key: string, ...dicts: Dict[]) =>
    dicts.filter((dict) => Object.hasOwn(dict, key)).map((dict) => dict[key]),
  ),
  keys: goFunction('...map -> strings', (...dicts: Dict[]) =>
    dicts.flatMap((dict) => Object.keys(dict)),
  ),
  values: goFunction('map -> list', (dict: Dict) => Object.values(dict)),
  pick: goFunction('map, ...string -> map', (dict: Dict, ...keys: string[]) =>
    Object.fromEntries(Object.entries(dict).filter(([name]) => keys.includes(name))),
  ),
  omit: goFunction('map, ...string -> map', (dict: Dict, ...keys: string[]) =>
    Object.fromEntries(Object.entries(dict).filter(([name]) => !keys.includes(name))),
  ),
  merge,
  mustMerge: merge,
  mergeOverwrite,
  mustMergeOverwrite: mergeOverwrite,
  deepCopy,
  mustDeepCopy: deepCopy,
  dig: goFunction('...any -> any', (...path: unknown[]) => {
    if (path.length < 3) return panic('dig needs at least three arguments')
    return dig(path.at(-1), path.at(-2), path.slice(0, -2))
  }),
}

function merged2(into: Dict, from: Dict, conflict: 'keep' | 'overwrite'): Dict {
  const merged = new Map(Object.entries(into))
  for (const [key, value] of Object.entries(from)) {
    const own = merged.get(key)
    if (isRecord(own) && isRecord(value)) merged.set(key, merged2(own, value, conflict))
    else if (conflict === 'keep' ? isEmpty(own) && !isNil(value) : true) merged.set(key, value)
  }
  return Object.fromEntries(merged)
}

function copied(value: unknown): unknown {
  if (isNil(value)) panic('reflect: call of reflect.Value.Type on zero Value')
  return copy(value)
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
}

function dig(dict: unknown, otherwise: unknown, path: readonly unknown[]): unknown {
  const [key, ...rest] = path
  if (!isRecord(dict))
    return panic(
      `interface conversion: interface {} is ${isNil(dict) ? 'nil' : goType(dict)}, not map[string]interface {}`,
    )
  if (typeof key !== 'string')
    return panic(
      `interface conversion: interface {} is ${isNil(key) ? 'nil' : goType(key)}, not string`,
    )
  if (!Object.hasOwn(dict, key)) return otherwise
  return rest.length === 0 ? dict[key] : dig(dict[key], otherwise, rest)
}
