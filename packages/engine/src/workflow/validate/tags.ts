import { splitTags } from '../../expr/tags-parts.ts'
import { isObject, type Json } from '../../spec/json.ts'

/** What stands between `{{` and the next `}}`, in order. */
export function tagsIn(text: string): string[] {
  const parts = splitTags(text) ?? []
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.raw.slice(2, -2)]))
}

export const isExpression = (tag: string) => tag.startsWith('=')

/** Puts values in the place of simple tags; a tag without a value stays. One pass, never of its own output. */
export function replaceTags(text: string, find: (name: string) => string | undefined): string {
  const parts = splitTags(text)
  if (!parts) return text
  return parts
    .map((part) => (typeof part === 'string' ? part : replacement(part.raw.slice(2, -2), find)))
    .join('')
}

function replacement(tag: string, find: (name: string) => string | undefined): string {
  const value = isExpression(tag) ? undefined : find(tag.trim())
  if (value !== undefined) return value
  // Of `{{a.{{b}}` only the inner part can be known yet; the outer `}}` follows in the text.
  const inner = tag.lastIndexOf('{{')
  const nested = inner > 0 ? find(tag.slice(inner + 2)) : undefined
  return nested === undefined ? `{{${tag}}}` : `{{${tag.slice(0, inner)}${nested}`
}

/** The same, in every text (and key) of a value; unchanged parts are shared. */
export function replaceTagsIn(value: Json, find: (name: string) => string | undefined): Json {
  if (typeof value === 'string') return replaceTags(value, find)
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => replaceTagsIn(item, find))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  if (!isObject(value)) return value
  let same = true
  const entries = Object.entries(value).map(([key, item]) => {
    const newKey = replaceTags(key, find)
    const newItem = item === undefined ? item : replaceTagsIn(item, find)
    if (newKey !== key || newItem !== item) same = false
    return [newKey, newItem] as const
  })
  return same ? value : Object.fromEntries(entries)
}
