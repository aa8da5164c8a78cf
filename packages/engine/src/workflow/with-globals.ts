import { substitute } from '../expr/tags.ts'
import type { WorkflowSpec } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

/** The spec with `workflow.*` replaced everywhere but in the templates. argo: substituteGlobalVariables. */
export function withGlobals(spec: WorkflowSpec, globals: Scope): WorkflowSpec {
  const { templates, ...rest } = spec
  const { value } = substitute(rest, globals, {})
  return templates === undefined ? value : { ...value, templates }
}
