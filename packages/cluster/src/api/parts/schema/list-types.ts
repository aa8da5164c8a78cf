import { isObject, type Json } from '@argosy/engine'
import { type Flaw, flawOf } from './flaw.ts'
import { isList, type JsonSchema } from './json-schema.ts'

/** Items that are in a set or a map twice; each is told of once. */
export function listTypeFlaws(
  list: readonly Json[],
  schema: JsonSchema,
  path: string,
): readonly Flaw[] {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return []
  const keys = schema['x-kubernetes-list-map-keys']
  const names = isList(keys) ? keys.map(String) : []
  const seen = new Map<string, number>()
  return list.flatMap((item, index) => {
    const identity = type === 'set' ? item : keyOf(item, names)
    const text = JSON.stringify(identity)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    return times === 2 ? [flawOf.duplicate(`${path}[${index}]`, identity)] : []
  })
}

function keyOf(item: Json, names: readonly string[]): Json {
  if (!isObject(item)) return item
  const members = names.toSorted().flatMap((name) => {
    const value = item[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(members)
}
