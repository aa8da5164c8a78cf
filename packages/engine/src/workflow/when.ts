import { evaluateWhen } from '../expr/govaluate/govaluate.ts'
import { substitute, type Variables } from '../expr/tags.ts'

/** Whether a step or task runs; `expression` is the condition with its tags replaced. */
export interface WhenResult {
  readonly run: boolean
  readonly expression: string
}

export interface WhenProblem {
  readonly problem: string
  readonly expression: string
}

/** Substitutes and evaluates `when`; `unresolved` means that an output it needs is not there yet. */
export function shouldExecute(
  when: string | undefined,
  scope: Variables,
):
  | WhenResult
  | (WhenProblem & { readonly unsubstituted?: boolean })
  | { readonly unresolved: readonly string[] } {
  if (!when) return { run: true, expression: '' }
  const {
    value: expression,
    unresolved,
    problem,
  } = substitute(when, scope, { strict: ['steps', 'tasks'] })
  if (unresolved.length > 0) return { unresolved }
  if (problem !== undefined) return { problem, expression, unsubstituted: true }
  return evaluated(expression)
}

/** Evaluates a `when` whose tags are replaced already. */
export function evaluated(expression: string | undefined): WhenResult | WhenProblem {
  if (!expression) return { run: true, expression: '' }
  const result = evaluateWhen(expression)
  return 'error' in result
    ? { problem: result.error, expression }
    : { run: result.value, expression }
}

/** The message of a node that was skipped because of its `when`. */
export function skippedMessage(expression: string): string {
  return `when '${expression}' evaluated false`
}
