import type { Workflow } from '../../spec/workflow.ts'
import { type Actor, labelActor } from './actor.ts'
import type { Refusal } from './refusal.ts'
import { changeSuspended } from './suspended-nodes.ts'

export interface StopOptions {
  readonly now: number
  /** Fails these waiting nodes instead of stopping the workflow. */
  readonly nodeFieldSelector?: string
  readonly message?: string
  readonly actor?: Actor
}

/** Ends what runs; exit handlers still run. */
export function stopWorkflow(
  workflow: Workflow,
  { now, nodeFieldSelector, message, actor }: StopOptions,
): { readonly workflow: Workflow } | Refusal {
  if (!nodeFieldSelector) return shutDown(workflow, 'Stop', actor)
  const values = { phase: 'Failed', ...(message && { message }) } as const
  const changed = changeSuspended(workflow, nodeFieldSelector, values, now)
  if ('refused' in changed) return changed
  return { workflow: labelActor(changed.workflow, actor, 'Stop') }
}

/** Ends what runs, exit handlers too. */
export function terminateWorkflow(
  workflow: Workflow,
  actor?: Actor,
): { readonly workflow: Workflow } | Refusal {
  return shutDown(workflow, 'Terminate', actor)
}

// argo: patchShutdownStrategy. Of nobody known the labels stay as they are.
function shutDown(
  workflow: Workflow,
  shutdown: 'Stop' | 'Terminate',
  actor: Actor | undefined,
): { readonly workflow: Workflow } | Refusal {
  const { metadata, status, spec } = workflow
  if (['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '')) {
    const { name = '', namespace = '' } = metadata
    const what = `workflow: ${JSON.stringify(name)}, namespace: ${JSON.stringify(namespace)}`
    return { refused: `cannot shutdown a completed workflow: ${what}` }
  }
  const stopped = { ...workflow, spec: { ...spec, shutdown } }
  return { workflow: actor === undefined ? stopped : labelActor(stopped, actor, shutdown) }
}
