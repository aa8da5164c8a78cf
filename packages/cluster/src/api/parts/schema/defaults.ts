import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { isList, type JsonSchema, memberSchema, schemaAt } from './json-schema.ts'

/** An object with the defaults of its schema; nulls that the schema does not allow count as absent. */
export function withDefaults(object: JsonObject, schema: JsonSchema): JsonObject {
  return objectWithDefaults(object, schema)
}

function valueWithDefaults(value: Json, schema: JsonSchema): Json {
  if (isObject(value)) return objectWithDefaults(value, schema)
  const items = schemaAt(schema, 'items')
  if (!isList(value) || items === undefined) return value
  return value.map((item) => {
    const given = isMissing(item, items) ? items['default'] : item
    return valueWithDefaults(given ?? item, items)
  })
}

function objectWithDefaults(object: JsonObject, schema: JsonSchema): JsonObject {
  const draft = new Map<string, Json | undefined>(Object.entries(object))
  for (const name of Object.keys(schemaAt(schema, 'properties') ?? {})) {
    if (!draft.has(name)) draft.set(name, undefined)
  }
  const complete = [...draft].flatMap(([name, value]) => {
    const member = memberSchema(schema, name)
    if (member === undefined) return value === undefined ? [] : [[name, value] as const]
    const given = isMissing(value, member) ? member['default'] : value
    return given === undefined ? [] : [[name, valueWithDefaults(given, member)] as const]
  })
  return Object.fromEntries(complete)
}

/** A null where null is not allowed says nothing. */
function isMissing(value: Json | undefined, schema: JsonSchema): boolean {
  if (value !== null) return value === undefined
  return schema['nullable'] !== true && schema['type'] !== undefined
}
