import { escapeHtml } from './tags-go-json.ts'

/** A piece of a string with tags: literal text or a tag. */
export type Part = string | SimpleTag | ExpressionTag

export interface SimpleTag {
  readonly kind: 'simple'
  /** As written, braces included. */
  readonly raw: string
  /** Between the braces, as it stands in JSON text. */
  readonly text: string
  readonly name: string
  /** `{{outer.{{inner}}`: resolving the inner tag leaves a new outer one. */
  readonly nested?: { readonly before: string; readonly name: string }
}

interface ExpressionTag {
  readonly kind: 'expression'
  readonly raw: string
  readonly source: string
}

/**
 * Splits a string at its tags; undefined when it has none. The first `}}` after `{{` closes.
 * A `{{` that is never closed is text.
 */
export function splitTags(text: string): readonly Part[] | undefined {
  if (!text.includes('{{')) return undefined
  if (text.length > longestCached) return split(text)
  const known = cache.get(text)
  if (known !== undefined) return known === none ? undefined : known

  const parts = split(text)
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(text, parts ?? none)
  return parts
}

// Templates repeat the same few strings for every node; this only saves parsing them again.
const cache = new Map<string, readonly Part[]>()
const cacheLimit = 4096
const longestCached = 4096
const none: readonly Part[] = []

function split(text: string): readonly Part[] | undefined {
  const parts: Part[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('{{', from)
    const close = open < 0 ? -1 : text.indexOf('}}', open + 2)
    if (close < 0) break
    if (open > from) parts.push(text.slice(from, open))
    parts.push(tag(text.slice(open, close + 2)))
    from = close + 2
  }
  if (parts.length === 0) return undefined
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

function tag(raw: string): SimpleTag | ExpressionTag {
  const inner = raw.slice(2, -2)
  if (inner.startsWith('=')) return { kind: 'expression', raw, source: inner.slice(1) }

  const text = jsonText(inner)
  const name = trimmed(text)
  const at = text.lastIndexOf('{{')
  if (at <= 0) return { kind: 'simple', raw, text, name }
  const before = inner.slice(0, inner.lastIndexOf('{{'))
  const nested = { before, name: text.slice(at + 2) }
  return { kind: 'simple', raw, text, name, nested }
}

// Upstream finds tags in JSON text: a quote or a line break inside one is an escape there, and no name has those.
function jsonText(inner: string): string {
  return /["\\\u0000-\u001f<>&\u2028\u2029]/.test(inner)
    ? escapeHtml(JSON.stringify(inner)).slice(1, -1)
    : inner
}

function trimmed(text: string): string {
  return text
    .replace(/^[ \u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/, '')
    .replace(/[ \u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+$/, '')
}
