import { jsonMistake } from '../expr/go-json-mistake.ts'
import { exact } from '../expr/tags-go-json.ts'
import type { Json } from '../spec/json.ts'
import type { Items } from './loops-items.ts'

/** The items of `withParam`: a JSON list. */
export function listItems(text: string): { readonly items: Items } | { readonly problem: string } {
  const parsed = parse(text)
  if ('value' in parsed) {
    if (Array.isArray(parsed.value)) return { items: parsed.value as readonly Json[] }
    if (parsed.value === null) return { items: [] }
  }
  const why = 'error' in parsed ? parsed.error : notAList(parsed.value)
  return { problem: `withParam value could not be parsed as a JSON list: ${text.trim()}: ${why}` }
}

function parse(text: string): { readonly value: Json } | { readonly error: string } {
  try {
    return { value: mayLoseDigits.test(text) ? parseExact(text) : (JSON.parse(text) as Json) }
  } catch {
    return { error: jsonMistake(text) }
  }
}

// Numbers that JavaScript would write in another way than they stand there.
const mayLoseDigits = /\d{16}|\d[eE]|\.\d*0(?!\d)|-0/

function parseExact(text: string): Json {
  return exact.parse(text, (_, value: unknown, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? exact.rawJSON(source)
      : value,
  ) as Json
}

function notAList(value: Json): string {
  const kind = typeof value === 'boolean' ? 'bool' : typeof value
  return `json: cannot unmarshal ${kind} into Go value of type []v1alpha1.Item`
}
