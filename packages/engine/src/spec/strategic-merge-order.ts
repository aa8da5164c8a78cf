import type { Json } from './json.ts'
import { isObject } from './json.ts'

/** What tells an item of a merged list from the others: its merge key's value, or itself when it is a scalar. */
export function identityOf(item: Json | undefined, key: string | undefined): Json | undefined {
  if (key === undefined) return item
  return isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined
}

interface Order {
  readonly key: string | undefined
  /** The list as the patch wants it ordered. */
  readonly wanted: readonly Json[]
  /** The list as it was. */
  readonly live: readonly Json[]
}

/** Items that the patch names stand in its order; the others keep their place among them as well as they can. */
export function inOrder(items: readonly Json[], { key, wanted, live }: Order): readonly Json[] {
  const places = placesOf(wanted, key)
  const livePlaces = placesOf(live, key)
  const named = items.filter((item) => places.has(identityOf(item, key)))
  const rest = items.filter((item) => !places.has(identityOf(item, key)))
  const by = (where: Places) => (a: Json, b: Json) =>
    (where.get(identityOf(a, key)) ?? 0) - (where.get(identityOf(b, key)) ?? 0)
  return interleave(rest.toSorted(by(livePlaces)), named.toSorted(by(places)), (a, b) => {
    const [left, right] = [livePlaces.get(identityOf(a, key)), livePlaces.get(identityOf(b, key))]
    return left !== undefined && right !== undefined && left < right
  })
}

type Places = ReadonlyMap<Json | undefined, number>

function placesOf(list: readonly Json[], key: string | undefined): Places {
  const places = new Map<Json | undefined, number>()
  for (const [index, item] of list.entries()) {
    const identity = identityOf(item, key)
    if (!places.has(identity)) places.set(identity, index)
  }
  return places
}

function interleave(
  rest: readonly Json[],
  named: readonly Json[],
  isBefore: (a: Json, b: Json) => boolean,
): readonly Json[] {
  const out: Json[] = []
  let i = 0
  for (const item of named) {
    for (let next = rest[i]; next !== undefined && isBefore(next, item); next = rest[++i])
      out.push(next)
    out.push(item)
  }
  return [...out, ...rest.slice(i)]
}

/** Whether the items stand in the same relative order as in the list that is to order them, which must name them all. */
export function agreesWith(
  items: readonly Json[],
  order: readonly Json[],
  key: string | undefined,
): boolean {
  if (items.length === 0 || order.length === 0) return true
  let next = 0
  for (const item of order) {
    if (next < items.length && identityOf(items[next], key) === identityOf(item, key)) next++
  }
  return next === items.length
}
