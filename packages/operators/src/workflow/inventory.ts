import type { Pod, Workflow, WorkflowTaskResult } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'

/** Pods and results of one workflow as they were at two versions. */
export interface Inventory {
  readonly pods: readonly Pod[]
  readonly results: readonly WorkflowTaskResult[]
  readonly podsAt: string
  readonly resultsAt: string
}

const nothing: Inventory = { pods: [], results: [], podsAt: '', resultsAt: '' }

/** What there is of one workflow now. */
export async function takeInventory(
  client: Client,
  workflow: Workflow,
  signal: AbortSignal,
): Promise<Inventory> {
  // One that has not begun has nothing yet, unless it is one that is retried.
  const { phase, nodes } = workflow.status ?? {}
  if (!phase && nodes === undefined) return nothing
  const { namespace, name } = workflow.metadata
  const query = {
    // What a watch has told of already, and what was done about it was lost, must be in it.
    early: true,
    labelSelector: `workflows.argoproj.io/workflow=${name}`,
    ...(namespace !== undefined && { namespace }),
  }
  const [pods, results] = await Promise.all([
    client.list<Pod>({ resource: resources.pods, ...query }, signal),
    client.list<WorkflowTaskResult>({ resource: resources.workflowTaskResults, ...query }, signal),
  ])
  return {
    pods: pods.items,
    results: results.items,
    podsAt: pods.resourceVersion,
    resultsAt: results.resourceVersion,
  }
}
