import { isObject, type Json, type JsonObject } from '@argosy/engine'

/** Something done to an object; objects that need nothing are given back as they are. */
export type Edit = (object: JsonObject) => JsonObject

/** Sets members that are absent or null. */
export function fill(values: JsonObject): Edit {
  return (object) => {
    const missing = Object.entries(values).filter(([name]) => (object[name] ?? null) === null)
    return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) }
  }
}

/** Edits a member when it is an object. */
export function within(name: string, ...edits: readonly Edit[]): Edit {
  return (object) => {
    const inner = object[name]
    if (!isObject(inner)) return object
    const edited = all(...edits)(inner)
    return edited === inner ? object : { ...object, [name]: edited }
  }
}

/** Edits every object of a list. */
export function each(name: string, ...edits: readonly Edit[]): Edit {
  const edit = all(...edits)
  return (object) => {
    const list = object[name]
    if (!Array.isArray(list)) return object
    const items = (list as readonly Json[]).map((item) => (isObject(item) ? edit(item) : item))
    return items.every((item, index) => item === list[index])
      ? object
      : { ...object, [name]: items }
  }
}

/** One edit after the other. */
export function all(...edits: readonly Edit[]): Edit {
  return (object) => edits.reduce((edited, edit) => edit(edited), object)
}

/** Edits objects that are so. */
export function when(is: (object: JsonObject) => boolean, ...edits: readonly Edit[]): Edit {
  return (object) => (is(object) ? all(...edits)(object) : object)
}

export function has(name: string): (object: JsonObject) => boolean {
  return (object) => (object[name] ?? null) !== null
}

export function is(name: string, value: Json): (object: JsonObject) => boolean {
  return (object) => object[name] === value
}
