import { evaluateExpression, expressionText } from '../expr/tags-expression.ts'
import type { Artifact, Outputs, Parameter, Template, ValueFrom } from '../spec/workflow.ts'
import { referenceName, resolveArtifact } from './arguments-artifact.ts'
import type { Scope } from './scope.ts'

/** The outputs of a steps or DAG template that has succeeded; undefined when it declares none. */
export function templateOutputs(
  { outputs: declared }: Template,
  scope: Scope,
): { readonly outputs: Outputs | undefined } | { readonly problem: string } {
  const { parameters = [], artifacts = [] } = declared ?? {}
  if (parameters.length === 0 && artifacts.length === 0) return { outputs: undefined }
  const values: Parameter[] = []
  for (const parameter of parameters) {
    const valued = outputParameter(parameter, scope)
    if ('problem' in valued) return valued
    values.push(valued)
  }
  const found = outputArtifacts(artifacts, scope)
  if ('problem' in found) return found
  return {
    outputs: {
      ...(values.length > 0 && { parameters: values }),
      ...(found.artifacts.length > 0 && found),
    },
  }
}

function outputParameter(
  parameter: Parameter,
  scope: Scope,
): Parameter | { readonly problem: string } {
  const { valueFrom, ...rest } = parameter
  if (valueFrom === undefined)
    return { problem: 'output parameters must have a valueFrom specified' }
  const found = sourceValue(valueFrom, scope)
  const fallback = valueFrom.default
  if ('value' in found && found.value !== null) return { ...rest, value: found.value }
  if (fallback !== undefined) return { ...rest, value: fallback }
  if ('problem' in found) return found
  const what = `${JSON.stringify(parameter.name)}: ${JSON.stringify(valueFrom.parameter ?? '')}`
  const why = 'is an absent optional (skipped/omitted node output with no default)'
  return { problem: `output parameter ${what} ${why}` }
}

/** null: known, but absent. */
function sourceValue(
  { parameter, expression }: ValueFrom,
  scope: Scope,
): { readonly value: string | null } | { readonly problem: string } {
  if (expression) return evaluated(expression, scope)
  if (!parameter) return { value: '' }
  const name = referenceName(parameter)
  if (name.startsWith('=')) return evaluated(name.slice(1), scope)
  const value = scope.lookup(name)
  return value === undefined ? { problem: `Unable to resolve: ${JSON.stringify(name)}` } : { value }
}

function evaluated(
  source: string,
  scope: Scope,
): { readonly value: string } | { readonly problem: string } {
  const result = evaluateExpression(source, scope.artifactEnvironment(), scope.impure)
  if ('error' in result) return { problem: result.error }
  if (result.value === null || result.value === undefined) {
    return { problem: `failed to evaluate expression ${JSON.stringify(source)}` }
  }
  return { value: expressionText(result.value) }
}

function outputArtifacts(
  declared: readonly Artifact[],
  scope: Scope,
): { readonly artifacts: readonly Artifact[] } | { readonly problem: string } {
  const artifacts: Artifact[] = []
  for (const artifact of declared) {
    if (!artifact.from && !artifact.fromExpression) continue
    const found = resolveArtifact(artifact, scope)
    if (!('problem' in found)) artifacts.push(found.artifact)
    else if (!artifact.optional || !found.notThere) {
      return { problem: `unable to resolve outputs from scope: ${found.problem}` }
    }
  }
  return { artifacts }
}

/** The outputs that a node gives to the whole workflow, under their global names. */
export function globalOutputs(
  outputs: Outputs,
): Pick<Outputs, 'parameters' | 'artifacts'> | undefined {
  const parameters = (outputs.parameters ?? []).flatMap(({ globalName, value }) =>
    globalName ? [{ name: globalName, ...(value !== undefined && { value }) }] : [],
  )
  const artifacts = (outputs.artifacts ?? []).flatMap(({ globalName, path: _, ...rest }) =>
    globalName ? [{ ...rest, name: globalName }] : [],
  )
  if (parameters.length === 0 && artifacts.length === 0) return undefined
  return {
    ...(parameters.length > 0 && { parameters }),
    ...(artifacts.length > 0 && { artifacts }),
  }
}
