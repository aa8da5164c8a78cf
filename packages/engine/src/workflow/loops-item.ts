import { escapeHtml, exact, goRawJson, unescapeHtml } from '../expr/tags-go-json.ts'
import { isObject, type Json, type JsonObject } from '../spec/json.ts'

/** The text of one item in a node's name. */
export function itemDescription(item: Json): string {
  if (isMap(item)) {
    const pairs = Object.keys(item).map((key) => `${key}:${itemString(item[key] ?? null)}`)
    return pairs.sort().join(',')
  }
  if (Array.isArray(item)) return `[${item.map(itemString).join(' ')}]`
  // argo: an item `null` passes for a list, and that list is empty.
  return item === null ? '[]' : itemString(item)
}

/** What `{{item}}` stands for. */
export function itemText(item: Json): string {
  if (typeof item === 'string') return item
  return isMap(item) ? mapText(item) : goRawJson(item)
}

/** A number that kept its digits looks like an object too. */
export function isMap(item: Json): item is JsonObject {
  return isObject(item) && !exact.isRawJSON(item)
}

function mapText(item: JsonObject): string {
  const members = Object.keys(item)
    .sort()
    .map((key) => `${escapeHtml(JSON.stringify(key))}:${goRawJson(item[key] ?? null)}`)
  return `{${members.join(',')}}`
}

/** What `{{item.key}}` stands for: JSON text; a string only loses its outer quotes, escapes stay. */
export function itemString(value: Json): string {
  const json = unescapeHtml(goRawJson(value))
  return json.startsWith('"') ? json.slice(1, -1) : json
}
