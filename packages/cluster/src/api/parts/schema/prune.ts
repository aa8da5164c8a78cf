import { isObject, type Json, type JsonObject } from '@argosy/engine'
import {
  below,
  isEmbedded,
  isList,
  type JsonSchema,
  keepsUnknown,
  memberSchema,
  schemaAt,
  typeMembers,
} from './json-schema.ts'

/** An object without the fields that its schema does not know, and the paths of those. */
export function prune(
  object: JsonObject,
  schema: JsonSchema,
): { readonly object: JsonObject; readonly unknown: readonly string[] } {
  const unknown: string[] = []
  const pruned = pruneObject(object, { schema, path: '', isRoot: true }, unknown)
  return { object: pruned, unknown: unknown.sort() }
}

interface Place {
  readonly schema: JsonSchema
  readonly path: string
  /** The object itself, or one embedded in it. */
  readonly isRoot: boolean
}

function pruneValue(value: Json, place: Place, unknown: string[]): Json {
  if (isObject(value)) return pruneObject(value, place, unknown)
  if (!isList(value)) return value
  const items = schemaAt(place.schema, 'items')
  if (items === undefined && keepsUnknown(place.schema)) return value
  return value.map((item, index) => {
    const path = `${place.path}[${index}]`
    const schema = items ?? {}
    return pruneValue(item, { schema, path, isRoot: isEmbedded(schema) }, unknown)
  })
}

function pruneObject(object: JsonObject, place: Place, unknown: string[]): JsonObject {
  const { schema, isRoot } = place
  const kept: [string, Json][] = []
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue
    const path = below(place.path, name)
    const member = memberSchema(schema, name)
    if (isRoot && typeMembers.includes(name)) kept.push([name, value])
    else if (member) {
      const inner = { schema: member, path, isRoot: isEmbedded(member) }
      kept.push([name, pruneValue(value, inner, unknown)])
    } else if (keepsUnknown(schema)) kept.push([name, value])
    else unknown.push(path)
  }
  return Object.fromEntries(kept)
}
