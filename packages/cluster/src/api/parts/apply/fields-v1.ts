import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type FieldSet, noFields, type Step, sortedSteps } from './field-set.ts'

/** A set of fields as `managedFields` writes it: an object of paths, `.` for the thing itself. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: Record<string, JsonObject> = {}
  for (const step of sortedSteps(set)) {
    const child = set.children.get(step) ?? noFields
    const inner = toFieldsV1(child)
    // No step is called `__proto__`: its letter comes before.
    fields[step] = child.self && child.children.size > 0 ? { '.': {}, ...inner } : inner
  }
  return fields
}

/** Reads what `toFieldsV1` wrote; `undefined` when it is no such thing. */
export function fromFieldsV1(value: Json | undefined): FieldSet | undefined {
  return isObject(value) ? nodeOf(value, false) : undefined
}

function nodeOf(value: JsonObject, isLeaf: boolean): FieldSet | undefined {
  const children = new Map<Step, FieldSet>()
  for (const [step, inner] of Object.entries(value)) {
    if (step === '.') continue
    const child = isObject(inner) && isStep(step) && nodeOf(inner, Object.keys(inner).length === 0)
    if (!child) return undefined
    children.set(step, child)
  }
  return { self: isLeaf || Object.hasOwn(value, '.'), children }
}

function isStep(step: string): boolean {
  if (/^f:/s.test(step)) return true
  if (/^i:-?\d+$/.test(step)) return true
  if (!/^[kv]:/.test(step)) return false
  try {
    const value: unknown = JSON.parse(step.slice(2))
    return step.startsWith('v:') || isObject(value)
  } catch {
    return false
  }
}
