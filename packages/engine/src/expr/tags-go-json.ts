import type { Json } from '../spec/json.ts'
import { marshal } from './go-json.ts'

/** JSON as Go's json.Marshal writes a value without types: members sorted, < > & as escapes. */
export function goJson(value: unknown): string {
  return marshal(value)
}

/** The same with members in their own order (what Go does with raw messages). */
export function goRawJson(value: unknown): string {
  return escapeHtml(JSON.stringify(value) ?? 'null')
}

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON text with < > & and the line separators escaped, as Go does by default. */
export function escapeHtml(json: string): string {
  return /[<>&\u2028\u2029]/.test(json)
    ? json.replace(/[<>&\u2028\u2029]/g, (char) => escapes[char] ?? char)
    : json
}

/** JSON text with < > & readable again. */
export function unescapeHtml(json: string): string {
  return json.replaceAll('\\u003c', '<').replaceAll('\\u003e', '>').replaceAll('\\u0026', '&')
}

/** A parsed JSON value, or undefined when the text is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** What the JSON object of ECMAScript 2026 can do beyond what the compiler's library knows. */
export const exact = JSON as unknown as {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown
  /** A value that is written as this text. */
  rawJSON(text: string): object
  isRawJSON(value: unknown): boolean
}
