import { utf8 } from './go-quote.ts'

/*
 * Go's strings are bytes; ours are UTF-16. Where Go counts or cuts by bytes, so do these.
 */

const ascii = /^[\u0000-\u007f]*$/

/** How many bytes the text has in UTF-8. */
export function byteLength(text: string): number {
  return ascii.test(text) ? text.length : utf8(text).length
}

/** Bytes as text; what is no UTF-8 becomes U+FFFD. */
export function byteText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/** The bytes of text as characters of one byte each, which is what Go sees; `ofLatin` goes back. */
export function latinOf(text: string): string {
  if (ascii.test(text)) return text
  return Array.from(utf8(text), (byte) => String.fromCharCode(byte)).join('')
}

export function ofLatin(latin: string): string {
  return ascii.test(latin) ? latin : byteText(Uint8Array.from(latin, (char) => char.charCodeAt(0)))
}

/** The text between two byte offsets; half a character becomes U+FFFD. */
export function byteSlice(text: string, from: number, to: number): string {
  if (ascii.test(text)) return text.slice(from, to)
  return byteText(utf8(text).slice(from, to))
}

/** The byte offset of an index into the text, -1 stays. */
export function byteOffset(text: string, index: number): number {
  return index <= 0 ? index : byteLength(text.slice(0, index))
}

/** How many code points the text has. */
export function runeCount(text: string): number {
  if (ascii.test(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

const space = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const outerSpace = new RegExp(`^${space}+|${space}+$`, 'gu')

/** Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  return text.replace(outerSpace, '')
}

export function isSpaceText(text: string): boolean {
  return trimSpace(text) === ''
}

/** Go's strings.Trim, TrimLeft and TrimRight: strips any characters of the set. */
export function trimSet(
  text: string,
  set: string,
  ends: 'both' | 'left' | 'right' = 'both',
): string {
  const wanted = new Set(set)
  const chars = Array.from(text)
  let from = 0
  let to = chars.length
  if (ends !== 'right') while (from < to && wanted.has(chars[from] ?? '')) from++
  if (ends !== 'left') while (to > from && wanted.has(chars[to - 1] ?? '')) to--
  return chars.slice(from, to).join('')
}

/** Go's strings.SplitN (negative: all) and SplitAfterN when the separator is kept. */
export function splitText(
  text: string,
  separator: string,
  limit = -1,
  keep: 'drop' | 'keep' = 'drop',
): string[] {
  if (limit === 0) return []
  const all = separator === '' ? Array.from(text) : text.split(separator)
  const pieces = limit > 0 && all.length > limit ? joinTail(all, separator, limit) : all
  if (keep === 'drop') return pieces
  return pieces.map((piece, index) => (index < pieces.length - 1 ? piece + separator : piece))
}

function joinTail(all: readonly string[], separator: string, limit: number): string[] {
  return [...all.slice(0, limit - 1), all.slice(limit - 1).join(separator)]
}

/** Go's strings.Replace: at most `limit` times when it is not negative. */
export function replaceText(text: string, from: string, to: string, limit = -1): string {
  if (limit < 0)
    return from === '' ? betweenRunes(text, to, Infinity) : text.replaceAll(from, () => to)
  if (from === '') return betweenRunes(text, to, limit)
  const pieces = text.split(from)
  const count = Math.min(limit, pieces.length - 1)
  return [pieces.slice(0, count + 1).join(to), ...pieces.slice(count + 1)].join(from)
}

function betweenRunes(text: string, to: string, limit: number): string {
  const chars = Array.from(text)
  let out = ''
  for (let i = 0; i <= chars.length; i++) out += (i < limit ? to : '') + (chars[i] ?? '')
  return out
}

/** Go's strings.ToUpper: each character by itself, so that ß stays. */
export function upper(text: string): string {
  if (ascii.test(text)) return text.toUpperCase()
  return Array.from(text, (char) => oneFor(char, char.toUpperCase())).join('')
}

/** Go's strings.ToLower. */
export function lower(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  return Array.from(text, (char) => oneFor(char, char === 'İ' ? 'i' : char.toLowerCase())).join('')
}

function oneFor(char: string, mapped: string): string {
  return Array.from(mapped).length === 1 ? mapped : char
}
