import type { JsonObject } from '../json.ts'
import type { KubeObject } from '../meta.ts'
import type { Problem } from '../problem.ts'
import type { Condition } from '../status.ts'
import type { Workflow, WorkflowSpec, WorkflowTemplate } from '../workflow.ts'
import { fit } from './shape.ts'

/** A schedule that makes Workflows. */
export interface CronWorkflow extends KubeObject {
  readonly spec: CronWorkflowSpec
  readonly status?: CronWorkflowStatus
}

export interface CronWorkflowStatus {
  readonly active?: readonly ObjectReference[] | null
  readonly lastScheduledTime?: string | null
  readonly conditions?: readonly Condition[] | null
  readonly succeeded?: number
  readonly failed?: number
  readonly phase?: 'Active' | 'Stopped' | ''
}

export interface ObjectReference {
  readonly apiVersion?: string
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
}

interface CronWorkflowSpec {
  readonly schedules?: readonly string[]
  readonly timezone?: string
  readonly concurrencyPolicy?: string
  readonly startingDeadlineSeconds?: number
  readonly successfulJobsHistoryLimit?: number
  readonly failedJobsHistoryLimit?: number
  readonly suspend?: boolean
  readonly when?: string
  readonly stopStrategy?: { readonly expression?: string }
  readonly workflowMetadata?: JsonObject
  readonly workflowSpec: WorkflowSpec
}

/**
 * A Workflow from any JSON: known fields are of their type, numbers and booleans in text fields
 * that take them are text as Go prints it, nulls are gone, unknown fields are still there.
 */
export function parseWorkflow(object: JsonObject): {
  readonly workflow: Workflow
  readonly problems: readonly Problem[]
} {
  const { value, problems } = parse(object, 'Workflow')
  return { workflow: { metadata: {}, spec: {}, ...value } as unknown as Workflow, problems }
}

interface ParsedTemplate {
  readonly template: WorkflowTemplate
  readonly problems: readonly Problem[]
}

export function parseWorkflowTemplate(object: JsonObject): ParsedTemplate {
  return parseTemplate(object, 'WorkflowTemplate')
}

export function parseClusterWorkflowTemplate(object: JsonObject): ParsedTemplate {
  return parseTemplate(object, 'ClusterWorkflowTemplate')
}

function parseTemplate(
  object: JsonObject,
  kind: 'WorkflowTemplate' | 'ClusterWorkflowTemplate',
): ParsedTemplate {
  const { value, problems } = parse(object, kind)
  return { template: { metadata: {}, spec: {}, ...value } as unknown as WorkflowTemplate, problems }
}

export function parseCronWorkflow(object: JsonObject): {
  readonly cron: CronWorkflow
  readonly problems: readonly Problem[]
} {
  const { value, problems } = parse(object, 'CronWorkflow')
  const spec = { workflowSpec: {}, ...(value['spec'] as JsonObject | undefined) }
  return { cron: { metadata: {}, ...value, spec } as unknown as CronWorkflow, problems }
}

// The casts above rest on `fit`: every field of the typed interfaces is in the shape tables.
function parse(object: JsonObject, kind: string): { value: JsonObject; problems: Problem[] } {
  const problems: Problem[] = []
  return { value: fit(object, kind, '', problems) as JsonObject, problems }
}
