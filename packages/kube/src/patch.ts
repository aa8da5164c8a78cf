import type { Json, JsonObject, PatchOp } from '@argosy/engine'
import { isObject, pointerSegment } from '@argosy/engine'
import { Draft, type JsonPatchOp } from './draft.ts'
import { equalJson, isArray, member } from './json-value.ts'

/** The value after a JSON Patch (RFC 6902), sharing all that did not change. Throws `Invalid`. */
export function applyJsonPatch(value: Json, ops: readonly JsonPatchOp[]): Json {
  const draft = new Draft(value)
  draft.apply(ops)
  return draft.seal()
}

/** The value after a merge patch (RFC 7386), sharing all that did not change. */
export function applyMergePatch(value: Json, patch: Json): Json {
  return applyJsonPatch(value, mergeOps(value, patch))
}

/** What a merge patch means for this very value. */
export function mergeOps(value: Json | undefined, patch: Json): PatchOp[] {
  if (!isObject(patch)) return [{ op: 'replace', path: '', value: patch }]
  if (!isObject(value)) return [{ op: 'replace', path: '', value: withoutNulls(patch) }]
  const ops: PatchOp[] = []
  merge(value, patch, '', ops)
  return ops
}

function merge(value: JsonObject, patch: JsonObject, path: string, ops: PatchOp[]): void {
  for (const [name, wanted] of Object.entries(patch)) {
    if (wanted === undefined) continue
    const here = `${path}/${pointerSegment(name)}`
    const actual = member(value, name)
    if (wanted === null) {
      if (actual !== undefined) ops.push({ op: 'remove', path: here })
    } else if (isObject(wanted) && isObject(actual)) merge(actual, wanted, here, ops)
    else ops.push({ op: 'add', path: here, value: inserted(wanted, actual) })
  }
}

// A list in the place of an object is taken as it is.
function inserted(wanted: Json, actual: Json | undefined): Json {
  return isArray(wanted) && isObject(actual) ? wanted : withoutNulls(wanted)
}

// Objects in lists lose theirs too, as the library of Kubernetes does it; a null that is an item stays.
function withoutNulls(value: Json): Json {
  if (isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNulls(inner ?? null)]))
}

/** A JSON Patch that leads from one value to another; parts shared by both are not looked into. */
export function diffOps(from: Json, to: Json): PatchOp[] {
  const ops: PatchOp[] = []
  diff(from, to, '', ops)
  return ops
}

function diff(from: Json, to: Json, path: string, ops: PatchOp[]): void {
  if (from === to) return
  if (isObject(from) && isObject(to)) diffMembers(from, to, path, ops)
  else if (isArray(from) && isArray(to)) diffItems(from, to, path, ops)
  else ops.push({ op: 'replace', path, value: to })
}

function diffMembers(from: JsonObject, to: JsonObject, path: string, ops: PatchOp[]): void {
  for (const name of Object.keys(from)) {
    if (from[name] === undefined || member(to, name) !== undefined) continue
    ops.push({ op: 'remove', path: `${path}/${pointerSegment(name)}` })
  }
  for (const name of Object.keys(to)) {
    const wanted = to[name]
    if (wanted === undefined) continue
    const actual = member(from, name)
    if (actual === wanted) continue
    const here = `${path}/${pointerSegment(name)}`
    if (actual === undefined) ops.push({ op: 'add', path: here, value: wanted })
    else diff(actual, wanted, here, ops)
  }
}

function diffItems(from: readonly Json[], to: readonly Json[], path: string, ops: PatchOp[]): void {
  if (from.length === to.length) {
    for (const [index, wanted] of to.entries())
      diff(from[index] ?? null, wanted, `${path}/${index}`, ops)
  } else if (from.length < to.length && from.every((item, index) => equalJson(item, to[index]))) {
    for (const value of to.slice(from.length)) ops.push({ op: 'add', path: `${path}/-`, value })
  } else ops.push({ op: 'replace', path, value: to })
}

/** The merge patch that leads from one value to another (nulls in `to` cannot be expressed and are lost, as in RFC 7386). */
export function diffMerge(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, Json> = {}
  for (const name of Object.keys(from)) {
    if (from[name] !== undefined && member(to, name) === undefined) patch[name] = null
  }
  for (const [name, wanted] of Object.entries(to)) {
    const actual = member(from, name)
    if (wanted === undefined || equalJson(actual, wanted)) continue
    patch[name] = isObject(actual) && isObject(wanted) ? diffMerge(actual, wanted) : wanted
  }
  return patch
}
