import type { Json } from '@argosy/engine'
import { anchorsOf, compose, mistakeIn } from './compose.ts'
import { toJson } from './to-json.ts'

/** The first document of a YAML (or JSON) text, whatever it holds; null when there is none. Never throws. */
export function parseYaml(text: string): { readonly value: Json } | { readonly problem: string } {
  try {
    for (const parsed of compose(text)) {
      const error = mistakeIn(parsed)
      if (error) return { problem: error.message.split('\n', 1)[0] ?? error.code }
      const read = toJson(parsed.contents, anchorsOf(parsed))
      return 'value' in read ? read : { problem: read.unreadable.message }
    }
    return { value: null }
  } catch (error) {
    // The stack ran out in `yaml` or in our own walk.
    if (error instanceof RangeError) return { problem: 'the text is nested too deeply to read' }
    throw error
  }
}
