import { isObject, type Json, type JsonObject } from './json.ts'

/** How one field is merged; a field without a rule is merged when it is an object, and replaced when it is a list. */
interface MergeRule {
  /** The list's items are objects, and this member tells which is which. */
  readonly key?: string
  /** The list's items are plain values; each stays in it once. */
  readonly values?: true
  /** The fields of the object, or of the list's items. */
  readonly of?: MergeRules
}

export type MergeRules = Readonly<Record<string, MergeRule>>

export type Merged = { readonly value: JsonObject } | { readonly problem: string }

const directive = '$patch'
const retainKeys = '$retainKeys'
const elementOrder = '$setElementOrder/'
const deletions = '$deleteFromPrimitiveList/'

/**
 * Kubernetes' strategic merge patch (k8s.io/apimachinery strategicpatch): a null deletes, objects merge, lists merge by
 * `rules` or are replaced, and the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and
 * `$deleteFromPrimitiveList/…` do what they say.
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, rules: MergeRules): Merged {
  const problems: string[] = []
  const value = mergeMaps(original, patch, { rules, problems })
  const [problem] = problems
  return problem === undefined ? { value } : { problem }
}

interface Merging {
  readonly rules: MergeRules
  readonly problems: string[]
}

type Items = readonly Json[]

function mergeMaps(original: JsonObject, patch: JsonObject, by: Merging): JsonObject {
  const order = patch[directive]
  if (order !== undefined) return directed(order, patch, by)
  const merged: Record<string, Json | undefined> = { ...retained(original, patch, by) }
  const inOrder = new Set(ordered(patch))
  for (const field of inOrder) merged[field] = orderedList(field, merged, patch, by)
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined || field.startsWith('$') || inOrder.has(field)) continue
    if (value === null) delete merged[field]
    else merged[field] = mergeMember(field, merged[field], value, by)
  }
  for (const [field, values] of deletedFrom(patch, inOrder)) {
    merged[field] = without(merged[field], values)
  }
  return merged
}

function directed(order: Json, patch: JsonObject, { problems }: Merging): JsonObject {
  if (order === 'delete') return {}
  const { [directive]: _, ...rest } = patch
  if (order !== 'replace') problems.push(unknownDirective(order, patch))
  return rest
}

function unknownDirective(order: Json, patch: JsonObject): string {
  return `unknown patch type: ${String(order)} in map: ${JSON.stringify(patch)}`
}

/** Of what was there only the named members stay. */
function retained(original: JsonObject, patch: JsonObject, { problems }: Merging): JsonObject {
  const names = patch[retainKeys]
  if (names === undefined) return original
  if (!Array.isArray(names)) {
    problems.push('invalid patch format of retainKeys')
    return original
  }
  const set = Object.entries(patch).filter(([field, value]) => !field.startsWith('$') && value)
  if (set.some(([field]) => !names.includes(field))) {
    problems.push("patch content doesn't match retainKeys list")
  }
  return Object.fromEntries(Object.entries(original).filter(([field]) => names.includes(field)))
}

function mergeMember(field: string, under: Json | undefined, over: Json, by: Merging): Json {
  const rule = Object.hasOwn(by.rules, field) ? by.rules[field] : undefined
  const inside = { ...by, rules: rule?.of ?? {} }
  if (isObject(under) && isObject(over)) return mergeMaps(under, over, inside)
  const { key } = rule ?? {}
  if (!Array.isArray(under) || !Array.isArray(over)) return cleaned(over)
  if (key !== undefined) return mergeLists(under, over, key, inside)
  return rule?.values ? folded(under, over, (item) => item, inside) : cleaned(over)
}

/** A value that meets nothing to be merged with: no directives and no nulls stay in it. */
function cleaned(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value as Items
    return items.filter((item) => !isObject(item) || item[directive] === undefined).map(cleaned)
  }
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(
    ([field, member]) => !field.startsWith('$') && member !== null && member !== undefined,
  )
  return Object.fromEntries(kept.map(([field, member]) => [field, cleaned(member as Json)]))
}

function mergeLists(under: Items, over: Items, key: string, by: Merging): Items {
  const objects = over.filter(isObject)
  if (objects.length < over.length) {
    by.problems.push(`expected a list of objects that have "${key}"`)
    return under
  }
  const plain = objects.filter((item) => item[directive] === undefined)
  const special = objects.filter((item) => item[directive] !== undefined)
  if (special.some((item) => item[directive] === 'replace')) return plain.map(cleaned)
  const left = special.reduce((items, item) => deleteItem(items, item, key, by), under)
  const unnamed = plain.find((item) => item[key] === undefined)
  if (unnamed !== undefined) by.problems.push(noKey(unnamed, key))
  return folded(left, plain, (item) => (isObject(item) ? (item[key] ?? null) : item), by)
}

/** Items that only `under` has keep their places between those that both have. */
function folded(under: Items, over: Items, idOf: (item: Json) => Json, by: Merging): Items {
  const items = new Map(under.map((item) => [idOf(item), item]))
  const named = new Set(over.map(idOf))
  for (const item of over) {
    const base = items.get(idOf(item))
    const both = isObject(base) && isObject(item)
    items.set(idOf(item), both ? mergeMaps(base, item, by) : cleaned(item))
  }
  const others = under.filter((item) => !named.has(idOf(item)))
  const list = [...named].map((id) => items.get(id) ?? null)
  return placed(others, list, { before: under, idOf })
}

function deleteItem(items: Items, item: JsonObject, key: string, { problems }: Merging): Items {
  const order = item[directive]
  if (order === 'merge') problems.push('merging lists cannot yet be specified in the patch')
  else if (order !== 'delete') problems.push(unknownDirective(order ?? null, item))
  else if (item[key] === undefined) problems.push(noKey(item, key))
  return items.filter((one) => !isObject(one) || one[key] !== item[key])
}

function noKey(item: JsonObject, key: string): string {
  return `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`
}

/** The lists whose order the patch gives. */
function ordered(patch: JsonObject): readonly string[] {
  return Object.keys(patch).flatMap((name) =>
    name.startsWith(elementOrder) ? [name.slice(elementOrder.length)] : [],
  )
}

function orderedList(
  field: string,
  merged: JsonObject,
  patch: JsonObject,
  by: Merging,
): Json | undefined {
  const wanted = patch[elementOrder + field]
  const given = patch[field]
  const removed = patch[deletions + field]
  if (!Array.isArray(wanted)) {
    by.problems.push('invalid patch format of setElementOrder list')
    return merged[field]
  }
  const under = merged[field]
  const kept = Array.isArray(removed) ? without(under, removed) : under
  const list = given === undefined ? kept : given && mergeMember(field, kept, given, by)
  if (!Array.isArray(list)) return list ?? undefined
  const { key } = by.rules[field] ?? {}
  const idOf = (item: Json) => (isObject(item) && key !== undefined ? (item[key] ?? null) : item)
  const order = (wanted as Items).map(idOf)
  const items = list as Items
  const inOrder = items
    .filter((item) => order.includes(idOf(item)))
    .toSorted((a, b) => order.indexOf(idOf(a)) - order.indexOf(idOf(b)))
  const before = Array.isArray(under) ? (under as Items) : []
  const others = items.filter((item) => !order.includes(idOf(item)))
  return placed(others, inOrder, { before, idOf })
}

/** `others` stand where they stood: before the next of `named` that was behind them. What is new goes first. */
function placed(
  others: Items,
  named: Items,
  { before, idOf }: { readonly before: Items; idOf(item: Json): Json },
): Items {
  const places = new Map(before.map((item, index) => [idOf(item), index]))
  const placeOf = (item: Json) => places.get(idOf(item)) ?? -1
  const all: Json[] = []
  let next = 0
  for (const item of named) {
    for (; next < others.length; next++) {
      const other = others[next] ?? null
      if (placeOf(other) >= placeOf(item)) break
      all.push(other)
    }
    all.push(item)
  }
  return [...all, ...others.slice(next)]
}

/** Values that the patch takes out of lists whose order it does not give. */
function deletedFrom(
  patch: JsonObject,
  inOrder: ReadonlySet<string>,
): readonly (readonly [string, Items])[] {
  return Object.entries(patch).flatMap(([name, values]) => {
    const field = name.slice(deletions.length)
    const counts = name.startsWith(deletions) && Array.isArray(values) && !inOrder.has(field)
    return counts ? [[field, values as Items] as const] : []
  })
}

function without(list: Json | undefined, values: Items): Json | undefined {
  return Array.isArray(list) ? (list as Items).filter((item) => !values.includes(item)) : list
}
