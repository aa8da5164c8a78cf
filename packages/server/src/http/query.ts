import { invalid } from './api-error.ts'

/** A boolean of the query, as Go reads it. */
export function flagIn(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? ''
  if (['', '0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  throw invalid(`${name}: expected true or false, got ${JSON.stringify(text)}`)
}

/** A whole number of the query that is not negative. */
export function wholeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? ''
  if (text === '') return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw invalid(`${name}: expected a whole number, got ${JSON.stringify(text)}`)
}

/** A time of the query, in RFC 3339. */
export function timeIn(text: string, name: string): number | undefined {
  if (text === '') return undefined
  const at = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw invalid(`${name}: expected a time as 2026-01-02T15:04:05Z, got ${JSON.stringify(text)}`)
}
