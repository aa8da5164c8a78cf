import type { NodePhase, ObjectMeta, Outputs, Pod, WorkflowTaskResult } from '@argosy/engine'
import { apiVersionOf, type Client, resources, StatusError } from '@argosy/kube'

export interface Report {
  readonly nodeId: string
  readonly outputs?: Outputs
  readonly phase?: NodePhase
  readonly message?: string
  /** How far the step is, by its own word. */
  readonly progress?: string
  /** Nothing more will come. */
  readonly isOver: boolean
}

/** Writes what a step has to say beside its pod's status. Safe to repeat: a later report replaces the earlier one. */
export async function report(client: Client, pod: Pod, outcome: Report): Promise<ObjectMeta> {
  const result = taskResult(pod, outcome)
  try {
    return await client.create(resources.workflowTaskResults, result)
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error
    return client.update(resources.workflowTaskResults, result)
  }
}

function taskResult(pod: Pod, outcome: Report): WorkflowTaskResult {
  const { nodeId, outputs, phase, message, progress, isOver } = outcome
  const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === 'Workflow')
  const workflow = pod.metadata.labels?.['workflows.argoproj.io/workflow'] ?? owner?.name
  return {
    apiVersion: apiVersionOf(resources.workflowTaskResults),
    kind: resources.workflowTaskResults.kind,
    metadata: {
      name: nodeId,
      ...(pod.metadata.namespace !== undefined && { namespace: pod.metadata.namespace }),
      labels: {
        ...(workflow !== undefined && { 'workflows.argoproj.io/workflow': workflow }),
        'workflows.argoproj.io/report-outputs-completed': String(isOver),
      },
      ...(owner && { ownerReferences: [owner] }),
    },
    ...(outputs && { outputs }),
    ...(phase && { phase }),
    ...(message !== undefined && { message }),
    ...(progress !== undefined && { progress }),
  }
}
