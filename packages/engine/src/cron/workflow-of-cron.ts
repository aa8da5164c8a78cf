import type { ObjectMeta } from '../spec/meta.ts'
import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import type { Workflow } from '../spec/workflow.ts'

interface Making {
  /** Its name, and what the CronWorkflow's own labels give it. */
  readonly metadata: ObjectMeta
  /** RFC 3339; `workflow.scheduledTime`. */
  readonly scheduledTime: string
}

const instanceId = 'workflows.argoproj.io/controller-instanceid'

/** A workflow of the CronWorkflow, which owns it. argo: toWorkflow. */
export function workflowOfCron(cron: CronWorkflow, { metadata, scheduledTime }: Making): Workflow {
  const { name = '', namespace, uid = '', labels: own } = cron.metadata
  const { labels, annotations, finalizers } = (cron.spec.workflowMetadata ?? {}) as ObjectMeta
  const instance = own?.[instanceId]
  return {
    apiVersion: cron.apiVersion,
    kind: 'Workflow',
    metadata: {
      ...metadata,
      ...(namespace !== undefined && { namespace }),
      labels: {
        ...metadata.labels,
        ...(instance !== undefined && { [instanceId]: instance }),
        'workflows.argoproj.io/cron-workflow': name,
        ...labels,
      },
      annotations: { 'workflows.argoproj.io/scheduled-time': scheduledTime, ...annotations },
      ...(finalizers !== undefined && { finalizers }),
      ownerReferences: [
        {
          apiVersion: cron.apiVersion,
          kind: 'CronWorkflow',
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: cron.spec.workflowSpec,
  }
}
