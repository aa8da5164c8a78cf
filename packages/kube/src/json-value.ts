import type { Json, JsonObject } from '@argosy/engine'

/** Own members only: `constructor` is not a label, and an `undefined` member is an absent one. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Equal as JSON: members have no order, and an `undefined` member equals an absent one. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isArray(a) || isArray(b)) return isArray(a) && isArray(b) && equalItems(a, b)
  return hasAllOf(a, b) && namesNoMoreThan(a, b)
}

function equalItems(a: readonly Json[], b: readonly Json[]): boolean {
  return a.length === b.length && a.every((item, index) => equalJson(item, b[index]))
}

function hasAllOf(a: JsonObject, b: JsonObject): boolean {
  for (const name of Object.keys(b)) {
    if (b[name] !== undefined && !equalJson(member(a, name), b[name])) return false
  }
  return true
}

/** Names only: looking into the values from both sides would double the work at every level. */
function namesNoMoreThan(a: JsonObject, b: JsonObject): boolean {
  for (const name of Object.keys(a)) {
    if (a[name] !== undefined && member(b, name) === undefined) return false
  }
  return true
}

/** Freezes all that is not frozen yet: what is frozen at the top counts as frozen below. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

/** A frozen value equal to this one, sharing every part that is frozen already. */
export function frozenCopy<T extends Json | undefined>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (isArray(value)) return Object.freeze(value.map(frozenCopy)) as Json as T
  const copy: Record<string, Json | undefined> = { ...(value as JsonObject) }
  for (const name of Object.keys(copy)) put(copy, name, frozenCopy(copy[name]))
  return Object.freeze(copy) as Json as T
}

/** Array.isArray that also recognises read-only arrays. */
export function isArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value)
}

/** Sets a member, even one that is called `__proto__`. */
export function put(
  object: Record<string, Json | undefined>,
  name: string,
  value: Json | undefined,
) {
  if (name !== '__proto__') object[name] = value
  else {
    const attributes = { value, enumerable: true, configurable: true, writable: true }
    Object.defineProperty(object, name, attributes)
  }
}
