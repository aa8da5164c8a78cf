import { sprintf } from '../expr/go-format.ts'
import { evaluateExpression } from '../expr/tags-expression.ts'

/** Evaluates a condition of the manifest that is not inside a tag. argo: argoexpr.EvalBool. */
export function evaluateCondition(
  source: string,
  environment: Record<string, unknown>,
): { readonly value: boolean } | { readonly problem: string } {
  const result = evaluateExpression(source, environment)
  if ('error' in result) return { problem: result.error }
  if (typeof result.value === 'boolean') return { value: result.value }
  return { problem: noCondition(result.value) }
}

export function noCondition(value: unknown): string {
  return sprintf("unable to cast expression result '%s' to bool", value)
}
