import { hasEnded, isReleased, type Pod, type Workflow, workflowExpiry } from '@argosy/engine'
import { type Client, ignore, type Outcome, resources } from '@argosy/kube'
import { collectArtifacts, type Deleter } from './collect-artifacts.ts'
import { type Name, removeInTime } from './collect-pod.ts'

/** Pods that were stopped with their workflow take a moment to end. */
const lookAgainMs = 1000

/** A finished workflow: its last pods are released, those that waited for its end go, and then it goes itself. */
export async function collectWorkflow(
  client: Client,
  { namespace, name }: Name,
  { now, remove }: { readonly now: number; readonly remove: Deleter },
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const ref = { resource: resources.workflows, namespace, name }
  const workflow = await client.get<Workflow>(ref, signal)
  if (workflow === undefined) return undefined
  // What was written brings it here again.
  if (await collectArtifacts(client, workflow, remove, signal)) return undefined
  if (workflow.metadata.deletionTimestamp !== undefined) return undefined
  const expiry = workflowExpiry(workflow)
  if (expiry !== undefined && expiry <= now) {
    const { uid } = workflow.metadata
    await client
      .remove(ref, { propagationPolicy: 'Background', ...(uid !== undefined && { uid }) }, signal)
      .catch(ignore('NotFound', 'Conflict'))
    return undefined
  }
  const { items } = await client.list<Pod>(
    {
      resource: resources.pods,
      namespace,
      labelSelector: `workflows.argoproj.io/workflow=${name}`,
    },
    signal,
  )
  const outcomes = await Promise.all(items.map((pod) => settle(client, pod, workflow, now)))
  const times = [expiry, ...outcomes].filter((at) => at !== undefined)
  return times.length === 0 ? undefined : { wakeAt: Math.min(...times) }
}

/** The time at which to look at the pod again. */
async function settle(
  client: Client,
  pod: Pod,
  workflow: Workflow,
  now: number,
): Promise<number | undefined> {
  if (!hasEnded(pod)) return now + lookAgainMs
  if (!isReleased(pod)) await release(client, pod)
  return (await removeInTime(client, pod, workflow, now))?.wakeAt
}

async function release(client: Client, { metadata }: Pod): Promise<void> {
  const { namespace = '', name = '' } = metadata
  const body = { metadata: { labels: { 'workflows.argoproj.io/completed': 'true' } } }
  await client
    .patch({ resource: resources.pods, namespace, name }, { type: 'merge', body })
    .catch(ignore('NotFound'))
}
