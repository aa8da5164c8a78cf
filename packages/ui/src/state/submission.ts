import type { CronWorkflow, Parameter, WorkflowSpec, WorkflowTemplate } from '@argosy/engine'
import type { TemplateKind } from './routes.ts'

export type Stored = WorkflowTemplate | CronWorkflow

/** The spec of the runs that a stored thing makes. */
export function specOf(stored: Stored): WorkflowSpec {
  const { workflowSpec } = stored.spec as { readonly workflowSpec?: WorkflowSpec }
  return workflowSpec ?? (stored.spec as WorkflowSpec)
}

/** What upstream calls the kinds when a run is made from them. */
export const resourceKinds: Readonly<Record<TemplateKind, string>> = {
  'workflow-templates': 'WorkflowTemplate',
  'cluster-workflow-templates': 'ClusterWorkflowTemplate',
  'cron-workflows': 'CronWorkflow',
}

/** What a parameter is when nobody says otherwise. */
export function initialValue({ value, default: fallback }: Parameter): string {
  return value ?? fallback ?? ''
}

/** Why a value cannot be submitted; nothing when it can. */
export function problemOf(parameter: Parameter, value: string): string | undefined {
  if (parameter.enum && !parameter.enum.includes(value)) {
    return value === '' ? 'Choose one of its values' : `"${value}" is none of its values`
  }
  if (value === '' && !isGiven(parameter)) return 'A value is needed: it has no default'
  return undefined
}

/** An empty value may be meant; no value at all is not. */
function isGiven({ value, default: fallback, valueFrom }: Parameter): boolean {
  return value !== undefined || fallback !== undefined || valueFrom !== undefined
}

/** `name=value` of what differs from the template. */
export function changedParameters(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return parameters.flatMap((parameter) => {
    const value = values[parameter.name]
    return value === undefined || value === initialValue(parameter)
      ? []
      : [`${parameter.name}=${value}`]
  })
}
