import type { Outputs, Template } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

/** The outputs of a steps or DAG template that has succeeded; undefined when it declares none. */
export function templateOutputs(
  _template: Template,
  _scope: Scope,
): { readonly outputs: Outputs | undefined } | { readonly problem: string } {
  return { outputs: undefined }
}

/** The outputs that a node gives to the whole workflow, under their global names. */
export function globalOutputs(
  _outputs: Outputs,
): Pick<Outputs, 'parameters' | 'artifacts'> | undefined {
  return undefined
}
