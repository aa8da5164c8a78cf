import type { Refusal, Workflow } from '@argosy/engine'
import { type Client, resources, StatusError } from '@argosy/kube'
import { accepted } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { findWorkflow, type Named } from './find-workflow.ts'

export type Change<T extends { readonly workflow: Workflow }> = (workflow: Workflow) => T | Refusal

const mostTries = 5

/** What is done before the changed workflow is written. */
type Before<T> = (change: T) => Promise<unknown>

/**
 * Reads a workflow, decides and writes it; once more when somebody else was faster. Resolves to what is kept.
 * A workflow that is given back as it was is not written.
 */
export async function changeWorkflow<T extends { readonly workflow: Workflow }>(
  { caller, params, signal }: Call,
  change: Change<T>,
  before: Before<T> = async () => undefined,
): Promise<Workflow> {
  const named: Named = { namespace: params['namespace'] ?? '', name: params['name'] ?? '' }
  for (let tries = 1; ; tries++) {
    const found = await findWorkflow(caller, named, signal)
    // Also when there is nothing to change: a right that is missing is told in either case.
    await caller.may('update', { resource: resources.workflows, ...placeOf(found) })
    const changed = accepted(change(found))
    if (changed.workflow === found) return found
    await before(changed)
    const written = await write(caller.client, changed.workflow, signal)
    if (written !== 'conflict') return written
    if (tries === mostTries) {
      const what = `workflows.argoproj.io "${found.metadata.name}"`
      throw new StatusError('Conflict', `${what} changes too often: please try again`)
    }
  }
}

function placeOf({ metadata: { namespace = '', name = '' } }: Workflow) {
  return { namespace, name }
}

async function write(client: Client, workflow: Workflow, signal: AbortSignal) {
  try {
    const metadata = await client.update(resources.workflows, workflow, signal)
    return { ...workflow, metadata }
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'Conflict') return 'conflict'
    throw error
  }
}
