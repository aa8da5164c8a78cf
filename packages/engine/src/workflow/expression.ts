import { compileExpr } from '../expr/expr-lang/index.ts'
import { functionEnvironment } from '../expr/functions/index.ts'

/** Evaluates an expression of the manifest that is not inside a tag, with upstream's functions in reach. */
export function evaluate(
  source: string,
  environment: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly problem: string } {
  const program = compileExpr(source)
  if ('error' in program) return { problem: program.error }
  const result = program.evaluate({ ...functionEnvironment(), ...environment })
  if (!('error' in result)) return { value: result.value }
  return { problem: `unable to evaluate expression '${source}': ${result.error}` }
}

/** The same for a condition. argo: argoexpr.EvalBool. */
export function evaluateCondition(
  source: string,
  environment: Readonly<Record<string, unknown>>,
): { readonly value: boolean } | { readonly problem: string } {
  const result = evaluate(source, environment)
  if ('problem' in result) return result
  if (typeof result.value === 'boolean') return { value: result.value }
  return { problem: `unable to cast expression result '${String(result.value)}' to bool` }
}
