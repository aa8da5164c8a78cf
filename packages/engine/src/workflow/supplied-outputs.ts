import type { Outputs, Parameter } from '../spec/workflow.ts'

/** Outputs that somebody had to supply, as they are when nobody did. argo: OverrideOutputParametersWithDefault. */
export function withDefaults(
  outputs: Outputs | undefined,
): { readonly outputs: Outputs | undefined } | { readonly problem: string } {
  const parameters: Parameter[] = []
  for (const parameter of outputs?.parameters ?? []) {
    const { valueFrom, ...rest } = parameter
    if (parameter.value !== undefined || valueFrom?.supplied === undefined) {
      parameters.push(parameter)
      continue
    }
    if (valueFrom.default === undefined) {
      return {
        problem: `raw output parameter '${parameter.name}' has not been set and does not have a default value`,
      }
    }
    parameters.push({ ...rest, value: valueFrom.default })
  }
  return { outputs: parameters.length === 0 ? undefined : { ...outputs, parameters } }
}
