import type { Workflow } from '../../spec/workflow.ts'
import { type Actor, labelActor } from './actor.ts'
import type { Refusal } from './refusal.ts'
import { changeSuspended, type NodeValues } from './suspended-nodes.ts'

export interface SetOptions extends NodeValues {
  readonly now: number
  readonly nodeFieldSelector: string
  readonly actor?: Actor
}

const settable: readonly string[] = ['Succeeded', 'Failed', 'Error']

/** Gives waiting nodes a phase, a message, the outputs they wait for. */
export function setWorkflow(
  workflow: Workflow,
  { now, nodeFieldSelector, actor, ...values }: SetOptions,
): { readonly workflow: Workflow } | Refusal {
  if (values.phase && !settable.includes(values.phase)) {
    return { refused: `${values.phase} is an invalid phase to set to` }
  }
  if (nodeFieldSelector === '') {
    return {
      refused:
        "'set' currently only targets suspend nodes, use a node field selector to target them",
    }
  }
  const changed = changeSuspended(workflow, nodeFieldSelector, values, now)
  if ('refused' in changed) return changed
  return { workflow: labelActor(changed.workflow, actor, undefined) }
}
