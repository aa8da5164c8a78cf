import type { Refusal, Workflow } from '@argosy/engine'
import { resources, StatusError } from '@argosy/kube'
import type { Remote } from './connect.ts'
import { findWorkflow } from './find-workflow.ts'
import type { Name } from './wait-for.ts'

/** A change of a workflow, decided anew when somebody else was quicker. */
export type Change = (workflow: Workflow) => Promise<Changed | Refusal> | Changed | Refusal

interface Changed {
  readonly workflow: Workflow
}

const mostTries = 10

/** Reads, decides, writes; resolves to what was written. Throws what is refused. */
export async function changeWorkflow(
  remote: Remote,
  { namespace, name }: Name,
  change: Change,
): Promise<Workflow> {
  for (let left = mostTries; ; left--) {
    const workflow = await findWorkflow({ ...remote, namespace }, name)
    const changed = await change(workflow)
    if ('refused' in changed) throw new Error(changed.refused)
    if (changed.workflow === workflow) return workflow
    try {
      const metadata = await remote.client.update(resources.workflows, changed.workflow)
      return { ...changed.workflow, metadata }
    } catch (error) {
      const isLate = error instanceof StatusError && error.reason === 'Conflict'
      if (!isLate || left <= 1) throw error
    }
  }
}
