import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { agreesWith, identityOf, inOrder } from './strategic-merge-order.ts'
import { directive, fresh, goText, goType, isArray, isDirective } from './strategic-merge-value.ts'

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
  // What is within is taken as it is, instructions and all.
  if (order === 'replace') return withoutOrder(patch)
  if (order !== undefined) {
    complain(place, `unknown patch type: ${goText(order)} in map: ${goText(patch)}`)
    return original
  }
  const draft = new Map(Object.entries(retained(original, patch, place)))
  const ordered = new Set(orderLists({ draft, original, patch, place }))
  for (const [name, wanted] of Object.entries(patch)) {
    if (wanted === undefined || isDirective(name) || ordered.has(name)) continue
    put(draft, name, mergeValue(draft.get(name), wanted, fieldAt(place, name)))
  }
  for (const [name, list] of Object.entries(patch)) {
    if (name.startsWith(directive.delete)) deleteValues(draft, name, list)
  }
  return Object.fromEntries(draft)
}

function withoutOrder({ [directive.patch]: _, ...rest }: JsonObject): JsonObject {
  return rest
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
    if (target.rule.whole) return wanted
    return mergeObject(actual, wanted, target.inner)
  }
  if (isArray(actual) && isArray(wanted)) return mergeList(actual, wanted, target)
  return fresh(wanted)
}

function mergeList(actual: readonly Json[], wanted: readonly Json[], target: Target): Json {
  const { key, values } = target.rule
  if (key === undefined && !values) return wanted
  if (actual.length === 0 && wanted.length === 0) return actual
  if (!areAlike(actual, wanted, target.inner)) return actual
  if (key !== undefined) return mergeItems(actual, wanted, { key, place: target.inner })
  const both = [...new Set([...actual, ...wanted])]
  return inOrder(both, { key, wanted, live: actual })
}

/** Whether all items of two lists are of one sort. */
function areAlike(actual: readonly Json[], wanted: readonly Json[], place: Place): boolean {
  const sorts = new Set([...actual, ...wanted].map(goType))
  if (sorts.size > 1)
    complain(place, `list element types are not identical: ${goText([actual, wanted])}`)
  else if (sorts.has('[]interface {}')) complain(place, 'lists of lists are not supported')
  else if (sorts.size === 0) complain(place, 'no elements in any of the given slices')
  else return true
  return false
}

interface Items {
  readonly key: string
  readonly place: Place
}

function mergeItems(actual: readonly Json[], wanted: readonly Json[], items: Items): Json {
  const { key, place } = items
  if (![...actual, ...wanted].every(isObject)) return actual
  const special = wanted.filter((item) => isObject(item) && directive.patch in item)
  for (const item of special) checkOrder(item as JsonObject, items)
  const plain = wanted.filter((item) => isObject(item) && !(directive.patch in item))
  const isReplaced = special.some((item) => isObject(item) && item[directive.patch] === 'replace')
  const live = isReplaced ? [] : withoutItems(actual, special, key)
  const keyless = [...plain, ...live].find((item) => identityOf(item, key) === undefined)
  if (keyless !== undefined)
    complain(place, `map: ${goText(keyless)} does not contain declared merge key: ${key}`)
  if (keyless !== undefined || isReplaced) return plain
  return inOrder(mergeKeyed(live, plain as readonly JsonObject[], items), {
    ...{ key, wanted: plain, live },
  })
}

function withoutItems(items: readonly Json[], gone: readonly Json[], key: string): readonly Json[] {
  const identities = new Set(gone.map((item) => identityOf(item, key)))
  return items.filter((item) => {
    const identity = identityOf(item, key)
    return identity === undefined || !identities.has(identity)
  })
}

function checkOrder(item: JsonObject, { key, place }: Items): void {
  const order = item[directive.patch]
  if (order === 'delete' && identityOf(item, key) === undefined)
    complain(place, `map: ${goText(item)} does not contain declared merge key: ${key}`)
  else if (order === 'merge') complain(place, 'merging lists cannot yet be specified in the patch')
  else if (order !== 'delete' && order !== 'replace')
    complain(place, `unknown patch type: ${goText(order)} in map: ${goText(item)}`)
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
    else merged.push(item)
  }
  return merged
}

interface Edit {
  readonly draft: Map<string, Json | undefined>
  readonly original: JsonObject
  readonly patch: JsonObject
  readonly place: Place
}

/** Merges the lists that `$setElementOrder/x` orders, and names them. */
function orderLists(edit: Edit): readonly string[] {
  const names = Object.keys(edit.patch).filter((name) => name.startsWith(directive.order))
  return names.flatMap((name) => {
    const target = name.slice(directive.order.length)
    const list = edit.patch[name]
    const field = fieldAt(edit.place, target)
    const lists = [list, edit.draft.get(target) ?? [], edit.patch[target] ?? []]
    const odd = lists.find((one) => !isArray(one))
    if (odd !== undefined || !isArray(list))
      complain(field.inner, `expected a []interface {}, but received a ${goType(odd)}`)
    else orderList(edit, { ...field, target, list })
    return [target]
  })
}

interface Ordered extends Target {
  readonly target: string
  readonly list: readonly Json[]
}

function orderList({ draft, original, patch }: Edit, ordered: Ordered): void {
  const { target, list, inner } = ordered
  const { key } = ordered.rule
  const [before, actual, wanted] = [original[target], draft.get(target), patch[target]]
  const [live, young] = [isArray(before) ? before : [], isArray(wanted) ? wanted : []]
  checkAgreement(young, list, { key, place: inner })
  if (actual === undefined && wanted === undefined) return
  const merged = isArray(actual) && isArray(wanted) ? mergeList(actual, wanted, ordered) : undefined
  const items = merged ?? actual ?? fresh(young)
  if (!isArray(items) || !areAlike(isArray(actual) ? actual : [], young, inner)) return
  const keyless = items.find((item) => key !== undefined && identityOf(item, key) === undefined)
  if (keyless !== undefined)
    complain(inner, `map: ${goText(keyless)} does not contain declared merge key: ${key}`)
  draft.set(target, inOrder(items, { key, wanted: list, live }))
}

/** `$deleteFromPrimitiveList/x` acts on a list that is there. */
function deleteValues(
  draft: Map<string, Json | undefined>,
  name: string,
  list: Json | undefined,
): void {
  const target = name.slice(directive.delete.length)
  const actual = draft.get(target)
  if (list === null) draft.delete(target)
  if (!isArray(actual) || !isArray(list)) return
  draft.set(
    target,
    actual.filter((item) => !list.includes(item)),
  )
}

function checkAgreement(
  patch: readonly Json[],
  order: readonly Json[],
  { key, place }: { key: string | undefined; place: Place },
): void {
  const last = patch.findLastIndex((item) => !isInstruction(item))
  // Instructions count only where they are the last, and deletions not there.
  const items = patch.filter(
    (item, index) => !isInstruction(item) || (index > last && item[directive.patch] !== 'delete'),
  )
  if (agreesWith(items, order, key)) return
  const texts = [goText(patch), goText(order)]
  complain(
    place,
    `The order in patch list:\n${texts[0]}\n doesn't match $setElementOrder list:\n${texts[1]}\n`,
  )
}

function isInstruction(item: Json): item is JsonObject {
  return isObject(item) && item[directive.patch] !== undefined
}
