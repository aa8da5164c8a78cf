import { isObject, type Json, type JsonObject } from '@argosy/engine'

/** The object with what it leaves out; null counts as left out. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([name]) => isAbsent(object[name]))
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) }
}

/** The object with one member changed, if it is there. */
export function changed(
  object: JsonObject,
  name: string,
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  const value = object[name]
  return isObject(value) ? { ...object, [name]: change(value) } : object
}

/** The object with each item of a list changed, if the list is there. */
export function eachOf(
  object: JsonObject,
  name: string,
  change: (item: JsonObject) => JsonObject,
): JsonObject {
  const list = object[name]
  if (!Array.isArray(list)) return object
  return { ...object, [name]: list.map((item: Json) => (isObject(item) ? change(item) : item)) }
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null
}
