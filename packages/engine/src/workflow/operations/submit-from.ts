import { workflowOfCron } from '../../cron/workflow-of-cron.ts'
import type { CronWorkflow } from '../../spec/parse/parse-workflow.ts'
import { formatTime } from '../../spec/time.ts'
import type { Workflow, WorkflowTemplate } from '../../spec/workflow.ts'
import type { Refusal } from './refusal.ts'

/** Where a workflow is to come from, as `argo submit --from kind/name` names it. */
export type SubmitSource =
  | {
      readonly kind: 'WorkflowTemplate' | 'ClusterWorkflowTemplate'
      readonly object: WorkflowTemplate
    }
  | { readonly kind: 'CronWorkflow'; readonly object: CronWorkflow }

const kinds = {
  cronworkflow: 'CronWorkflow',
  cronworkflows: 'CronWorkflow',
  cwf: 'CronWorkflow',
  cronwf: 'CronWorkflow',
  workflowtemplate: 'WorkflowTemplate',
  workflowtemplates: 'WorkflowTemplate',
  wftmpl: 'WorkflowTemplate',
  clusterworkflowtemplate: 'ClusterWorkflowTemplate',
  clusterworkflowtemplates: 'ClusterWorkflowTemplate',
  clusterwftmpl: 'ClusterWorkflowTemplate',
  cwft: 'ClusterWorkflowTemplate',
} as const satisfies Record<string, SubmitSource['kind']>

/** The kind that a text means: its name, its singular, plural or short form. */
export function submitKind(text: string): { readonly kind: SubmitSource['kind'] } | Refusal {
  const kind = (kinds as Readonly<Record<string, SubmitSource['kind']>>)[text.toLowerCase()]
  if (kind !== undefined) return { kind }
  return { refused: `Resource kind '${text}' is not supported for submitting` }
}

/** The workflow that is to be created. argo: NewWorkflowFromWorkflowTemplate, ConvertCronWorkflowToWorkflow. */
export function submitFrom({ kind, object }: SubmitSource, now: number): Workflow {
  const { name = '', namespace } = object.metadata
  if (kind === 'CronWorkflow') {
    return workflowOfCron(object, {
      metadata: { generateName: `${name}-` },
      scheduledTime: formatTime(now),
    })
  }
  const clusterScope = kind === 'ClusterWorkflowTemplate'
  const label = clusterScope ? 'cluster-workflow-template' : 'workflow-template'
  return {
    apiVersion: object.apiVersion,
    kind: 'Workflow',
    metadata: {
      generateName: `${name}-`,
      ...(namespace !== undefined && !clusterScope && { namespace }),
      labels: { [`workflows.argoproj.io/${label}`]: name },
    },
    spec: { workflowTemplateRef: { name, ...(clusterScope && { clusterScope }) } },
  }
}
