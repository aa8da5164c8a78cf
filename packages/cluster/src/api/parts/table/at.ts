import { isObject, type Json, type JsonObject } from '@argosy/engine'

type Path = readonly string[]

/** The value at the end of a path of members; nothing when the path breaks off. */
export function at(from: unknown, ...path: Path): Json | undefined {
  let value = from as Json | undefined
  for (const name of path) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }
  return value ?? undefined
}

/** The text there, or ''. */
export function textAt(from: unknown, ...path: Path): string {
  const value = at(from, ...path)
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** The number there, or 0. */
export function numberAt(from: unknown, ...path: Path): number {
  const value = at(from, ...path)
  return typeof value === 'number' ? value : 0
}

/** The objects of the list there. */
export function objectsAt(from: unknown, ...path: Path): readonly JsonObject[] {
  const value = at(from, ...path)
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : []
}

/** The texts of the list there. */
export function textsAt(from: unknown, ...path: Path): readonly string[] {
  const value = at(from, ...path)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The object there, or an empty one. */
export function objectAt(from: unknown, ...path: Path): JsonObject {
  const value = at(from, ...path)
  return isObject(value) ? value : {}
}
