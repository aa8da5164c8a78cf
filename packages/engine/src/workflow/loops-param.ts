import { jsonMistake } from '../expr/go-json-mistake.ts'
import type { Json } from '../spec/json.ts'
import type { Items } from './loops.ts'

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
    return { value: JSON.parse(text) as Json }
  } catch {
    return { error: jsonMistake(text) }
  }
}

function notAList(value: Json): string {
  const kind = typeof value === 'boolean' ? 'bool' : typeof value
  return `json: cannot unmarshal ${kind} into Go value of type []v1alpha1.Item`
}
