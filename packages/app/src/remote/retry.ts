import {
  type ResubmitOptions,
  type RetryOptions,
  resubmitWorkflow,
  retryWorkflow,
  type Workflow,
} from '@argosy/engine'
import { ignore, resources } from '@argosy/kube'
import { changeWorkflow } from './change-workflow.ts'
import type { Remote } from './connect.ts'
import { createWorkflow } from './create-workflow.ts'
import { findWorkflow } from './find-workflow.ts'
import type { Name } from './wait-for.ts'

/** Lets a workflow that has ended run again where it failed; resolves to what was written. */
export function retry(remote: Remote, name: Name, options: RetryOptions): Promise<Workflow> {
  if (remote.argo) {
    const { parameters, restartSuccessful, nodeFieldSelector } = options
    return remote.argo.act(name, 'retry', { parameters, restartSuccessful, nodeFieldSelector })
  }
  return changeWorkflow(remote, name, async (workflow) => {
    const retried = retryWorkflow(workflow, options)
    if ('refused' in retried) return retried
    // First what is there of the old attempts: seen by the controller, it would be taken for the new one's.
    const { podsToDelete, resultsToDelete } = retried
    await Promise.all([
      ...podsToDelete.map((one) => remove(remote, 'pods', { ...name, name: one })),
      ...resultsToDelete.map((one) =>
        remove(remote, 'workflowTaskResults', { ...name, name: one }),
      ),
    ])
    return retried
  })
}

function remove(
  { client }: Remote,
  what: 'pods' | 'workflowTaskResults',
  name: Name,
): Promise<void> {
  return client.remove({ resource: resources[what], ...name }).catch(ignore('NotFound'))
}

/** Creates a new workflow like the one that is named. */
export async function resubmit(
  remote: Remote,
  { namespace, name }: Name,
  options: ResubmitOptions & { readonly priority?: number },
): Promise<Workflow> {
  const { priority } = options
  if (remote.argo) {
    if (priority !== undefined) {
      throw new Error(
        '--priority: an Argo Server takes none when a workflow is submitted once more',
      )
    }
    const { parameters, memoized } = options
    return remote.argo.act({ namespace, name }, 'resubmit', { parameters, memoized })
  }
  const old = await findWorkflow({ ...remote, namespace }, name)
  const fresh = resubmitWorkflow(old, options)
  if ('refused' in fresh) throw new Error(fresh.refused)
  const { workflow } = fresh
  const spec = { ...workflow.spec, ...(priority !== undefined && { priority }) }
  return createWorkflow(remote, { ...workflow, spec }, 'none')
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** Five random characters, as Kubernetes makes names. */
export function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5))
  return [...bytes].map((byte) => letters[byte % letters.length]).join('')
}
