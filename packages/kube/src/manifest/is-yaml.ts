import { anchorsOf, compose } from './compose.ts'
import { toJson } from './to-json.ts'

/** Whether the first document of a text is YAML (or JSON) of any kind, an object or not. */
export function isYaml(text: string): boolean {
  try {
    for (const parsed of compose(text)) {
      return parsed.errors.length === 0 && 'value' in toJson(parsed.contents, anchorsOf(parsed))
    }
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
