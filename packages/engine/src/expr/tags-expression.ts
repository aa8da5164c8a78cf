/** What an expression tag gives: text, nothing yet (`wait`), a strict name that is missing, or an error. */
export type TagResult =
  | { readonly text: string }
  | { readonly wait: true }
  | { readonly missing: string }
  | { readonly problem: string }

export interface TagRules {
  /** Errors and nil only mean: not yet. */
  readonly lenient: boolean
  /** Whether a name that is not in the environment must be there by now. */
  isStrict(name: string): boolean
}

export function evaluateTag(
  _source: string,
  _environment: Record<string, unknown>,
  _rules: TagRules,
): TagResult {
  return { wait: true }
}
