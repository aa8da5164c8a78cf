import type { Json } from '@argosy/engine'
import { anchorsOf, compose, mistakeIn } from './compose.ts'
import { toJson } from './to-json.ts'

/** The documents of a YAML or JSON text that need not be objects, with go-yaml v2's eyes; empty ones are left out. */
export function yamlDocuments(
  text: string,
): { readonly values: readonly Json[] } | { readonly problem: string } {
  const values: Json[] = []
  try {
    for (const parsed of compose(text)) {
      const error = mistakeIn(parsed)
      if (error) return { problem: error.message }
      const read = toJson(parsed.contents, anchorsOf(parsed))
      if ('unreadable' in read) return { problem: read.unreadable.message }
      if (read.value !== null) values.push(read.value)
    }
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'the document is nested too deeply to read' }
    throw error
  }
  return { values }
}
