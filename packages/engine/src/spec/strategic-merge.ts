import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { agreesWith, identityOf, inOrder } from './strategic-merge-order.ts'
import {
  content,
  directive,
  fresh,
  goText,
  goType,
  isArray,
  isDirective,
} from './strategic-merge-value.ts'

/** How one field is merged; a field without a rule is merged when it is an object, and replaced when it is a list. */
interface MergeRule {
  /** The list's items are objects, and this member tells which is which. */
  readonly key?: string
  /** The list's items are plain values; each stays in it once. */
  readonly values?: true
  /** The object is replaced as a whole. */
  readonly whole?: true
  /** The fields of the object, or of the list's items. */
  readonly of?: MergeRules
}

export type MergeRules = Readonly<Record<string, MergeRule>>

/** What is wrong with a patch and where; `code` is the HTTP status that it is answered with. */
export interface MergeProblem {
  readonly problem: string
  readonly path: string
  readonly code: 400 | 422
}

export type Merged = { readonly value: JsonObject } | MergeProblem

/**
 * Kubernetes' strategic merge patch (k8s.io/apimachinery strategicpatch): a null deletes, objects merge, lists merge by
 * `rules` or are replaced, and the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and
 * `$deleteFromPrimitiveList/…` do what they say.
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, rules: MergeRules): Merged {
  const problems: MergeProblem[] = []
  const value = mergeObject(original, patch, { path: '', rules, problems })
  return problems[0] ?? { value }
}

/** Where the merge is; problems are collected on the way. */
interface Place {
  readonly path: string
  readonly rules: MergeRules
  readonly problems: MergeProblem[]
}

function fieldAt(place: Place, name: string): Target {
  const rule = (Object.hasOwn(place.rules, name) && place.rules[name]) || {}
  const path = place.path === '' ? name : `${place.path}.${name}`
  return { rule, inner: { ...place, path, rules: rule.of ?? {} } }
}

function complain(place: Place, problem: string, code: 400 | 422 = 422): void {
  place.problems.push({ problem, path: place.path, code })
}

function mergeObject(original: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const order = patch[directive.patch]
  if (order === 'delete') return {}
  if (order === 'replace') return content(patch)
  if (order !== undefined) {
    complain(place, `unknown patch type: ${goText(order)} in map: ${goText(patch)}`)
    return original
  }
  const draft = new Map(Object.entries(retained(original, patch, place)))
  for (const [name, wanted] of Object.entries(patch)) {
    if (wanted === undefined || isDirective(name)) continue
    put(draft, name, mergeValue(draft.get(name), wanted, fieldAt(place, name)))
  }
  for (const name of Object.keys(patch)) followDirective(name, { draft, original, patch, place })
  return Object.fromEntries(draft)
}

function put(draft: Map<string, Json | undefined>, name: string, value: Json | undefined): void {
  if (value === undefined) draft.delete(name)
  else draft.set(name, value)
}

/** What `$retainKeys` leaves of the original. */
function retained(original: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const keys = patch[directive.retainKeys]
  if (keys === undefined) return original
  const named = (name: string) => isArray(keys) && keys.includes(name)
  const stray = Object.keys(patch).some(
    (name) => !isDirective(name) && patch[name] !== null && !named(name),
  )
  if (!isArray(keys) || stray) {
    complain(place, 'invalid patch format of retainKeys', 400)
    return original
  }
  return Object.fromEntries(Object.entries(original).filter(([name]) => named(name)))
}

interface Target {
  readonly rule: MergeRule
  readonly inner: Place
}

function mergeValue(actual: Json | undefined, wanted: Json, target: Target): Json | undefined {
  if (wanted === null) return undefined
  if (isObject(actual) && isObject(wanted)) {
    if (target.rule.whole) return content(wanted)
    return mergeObject(actual, wanted, target.inner)
  }
  if (isArray(actual) && isArray(wanted)) return mergeList(actual, wanted, target)
  return fresh(wanted)
}

function mergeList(actual: readonly Json[], wanted: readonly Json[], target: Target): Json {
  const { key, values } = target.rule
  if (key !== undefined) return mergeItems(actual, wanted, { key, place: target.inner })
  if (!values) return fresh(wanted) ?? []
  const both = [...new Set([...actual, ...wanted])]
  return inOrder(both, { key, wanted, live: actual })
}

interface Items {
  readonly key: string
  readonly place: Place
}

function mergeItems(actual: readonly Json[], wanted: readonly Json[], items: Items): Json {
  const { key, place } = items
  if (!actual.every(isObject) || !wanted.every(isObject)) {
    complain(place, `list element types are not identical: ${goText([actual, wanted])}`)
    return actual
  }
  const keyless = [...actual, ...wanted].filter((item) => !isKeyed(item, key))
  for (const item of keyless)
    complain(place, `map: ${goText(item)} does not contain declared merge key: ${key}`)
  if (keyless.length > 0) return actual

  const plain = wanted.filter((item) => item[directive.patch] === undefined)
  const special = wanted.filter((item) => item[directive.patch] !== undefined)
  for (const item of special) checkOrder(item, place)
  if (special.some((item) => item[directive.patch] === 'replace')) return plain.map(content)

  const deleted = new Set(special.map((item) => identityOf(item, key)))
  const live = actual.filter((item) => !deleted.has(identityOf(item, key)))
  return inOrder(mergeKeyed(live, plain, items), { key, wanted: plain, live })
}

function checkOrder(item: JsonObject, place: Place): void {
  const order = item[directive.patch]
  if (order === 'merge') complain(place, 'merging lists cannot yet be specified in the patch')
  else if (order !== 'delete' && order !== 'replace')
    complain(place, `unknown patch type: ${goText(order)} in map: ${goText(item)}`)
}

/** An item must say which one it is, unless it replaces the list as a whole. */
function isKeyed(item: JsonObject, key: string): boolean {
  return identityOf(item, key) !== undefined || item[directive.patch] === 'replace'
}

function mergeKeyed(live: readonly Json[], plain: readonly JsonObject[], items: Items): Json[] {
  const { key, place } = items
  const merged = [...live]
  for (const item of plain) {
    const identity = identityOf(item, key)
    const index = merged.findIndex((other) => identityOf(other, key) === identity)
    const other = merged[index]
    const path = `${place.path}[${key}=${goText(identity)}]`
    if (isObject(other)) merged[index] = mergeObject(other, item, { ...place, path })
    else merged.push(content(item))
  }
  return merged
}

interface Edit {
  readonly draft: Map<string, Json | undefined>
  readonly original: JsonObject
  readonly patch: JsonObject
  readonly place: Place
}

/** `$deleteFromPrimitiveList/x` and `$setElementOrder/x` act on the merged list. */
function followDirective(name: string, edit: Edit): void {
  const prefix = [directive.delete, directive.order].find((start) => name.startsWith(start))
  if (prefix === undefined) return
  const list = edit.patch[name]
  const target = name.slice(prefix.length)
  const { rule, inner } = fieldAt(edit.place, target)
  if (!isArray(list)) {
    complain(inner, `expected a []interface {}, but received a ${goType(list)}`)
    return
  }
  const actual = edit.draft.get(target)
  if (!isArray(actual)) return
  if (prefix === directive.order) {
    const wanted = edit.patch[target]
    checkAgreement(isArray(wanted) ? wanted : [], list, { key: rule.key, place: inner })
    const before = edit.original[target]
    const live = isArray(before) ? before : []
    edit.draft.set(target, inOrder(actual, { key: rule.key, wanted: list, live }))
  } else
    edit.draft.set(
      target,
      actual.filter((item) => !list.includes(item)),
    )
}

function checkAgreement(
  patch: readonly Json[],
  order: readonly Json[],
  { key, place }: { key: string | undefined; place: Place },
): void {
  const items = patch.filter((item) => !(isObject(item) && item[directive.patch] !== undefined))
  if (agreesWith(items, order, key)) return
  const texts = [goText(patch), goText(order)]
  complain(
    place,
    `The order in patch list:\n${texts[0]}\n doesn't match $setElementOrder list:\n${texts[1]}\n`,
  )
}
