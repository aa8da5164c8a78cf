import type {
  CronWorkflow,
  Parameter,
  Workflow,
  WorkflowSpec,
  WorkflowTemplate,
} from '@argosy/engine'
import { segments } from '../http/api.ts'
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

/** What a run asked for: what it was given, and what its template asks for beside that, each with the template's words. */
export function askedParameters(
  { spec, status }: Workflow,
  template: WorkflowTemplate | undefined,
): readonly Parameter[] {
  const known = new Map<string, Parameter>()
  // Of a value that was given the frozen spec has lost the template's words.
  const all = [template?.spec, status?.storedWorkflowTemplateSpec, spec]
  for (const one of all.flatMap((some) => some?.arguments?.parameters ?? [])) {
    known.set(one.name, { ...known.get(one.name), ...one })
  }
  return [...known.values()]
}

/** Where the template of a run is read. */
export function templatePathOf({ spec, metadata }: Workflow): string | undefined {
  const { name, clusterScope } = spec.workflowTemplateRef ?? {}
  if (!name) return undefined
  return clusterScope
    ? `cluster-workflow-templates/${segments(name)}`
    : `workflow-templates/${segments(metadata.namespace ?? '', name)}`
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
