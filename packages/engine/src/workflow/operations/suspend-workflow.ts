import type { NodeStatus } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { withDefaults } from '../supplied-outputs.ts'
import { type Actor, labelActor, resumedBy } from './actor.ts'
import type { Refusal } from './refusal.ts'
import { changeSuspended, isWaiting } from './suspended-nodes.ts'

/** Nothing new begins until somebody resumes the workflow. A workflow that is suspended already is given back as it is. */
export function suspendWorkflow(
  workflow: Workflow,
  actor?: Actor,
): { readonly workflow: Workflow } | Refusal {
  if (workflow.metadata.labels?.['workflows.argoproj.io/completed'] === 'true') {
    return { refused: 'cannot suspend completed workflows' }
  }
  if (workflow.spec.suspend === true) return { workflow }
  const suspended = { ...workflow, spec: { ...workflow.spec, suspend: true } }
  return { workflow: labelActor(suspended, actor, 'Suspend') }
}

export interface ResumeOptions {
  readonly now: number
  /** Only these nodes, and the workflow's own suspension stays. */
  readonly nodeFieldSelector?: string
  readonly actor?: Actor
}

/** Whether something of the workflow waits for somebody. argo: IsWorkflowSuspended. */
export function isSuspended({ spec, status }: Workflow): boolean {
  return spec.suspend === true || Object.values(status?.nodes ?? {}).some(isWaiting)
}

/** Lets a suspended workflow and its waiting nodes go on. What does not wait is given back as it is. */
export function resumeWorkflow(
  workflow: Workflow,
  { now, nodeFieldSelector, actor }: ResumeOptions,
): { readonly workflow: Workflow } | Refusal {
  const message = resumedBy(actor)
  if (nodeFieldSelector) {
    const values = { phase: 'Succeeded', ...(message && { message }) } as const
    const changed = changeSuspended(workflow, nodeFieldSelector, values, now)
    if ('refused' in changed) return changed
    return { workflow: labelActor(changed.workflow, actor, 'Resume') }
  }
  if (!isSuspended(workflow)) return { workflow }
  const nodes: Record<string, NodeStatus> = { ...workflow.status?.nodes }
  for (const node of Object.values(nodes).filter(isWaiting)) {
    const resumed = resume(node, message, now)
    if ('refused' in resumed) return resumed
    nodes[node.id] = resumed.node
  }
  const { suspend: _, ...spec } = workflow.spec
  const status = workflow.status === undefined ? undefined : { ...workflow.status, nodes }
  const resumed = { ...workflow, spec, ...(status !== undefined && { status }) }
  return { workflow: labelActor(resumed, actor, 'Resume') }
}

function resume(
  { message: before, ...node }: NodeStatus,
  message: string,
  now: number,
): { readonly node: NodeStatus } | Refusal {
  const filled = withDefaults(node.outputs)
  if ('problem' in filled) return { refused: filled.problem }
  const { outputs } = filled
  const said = before ? `${before}; ${message}` : message
  return {
    node: {
      ...node,
      phase: 'Succeeded',
      finishedAt: formatTime(now),
      ...(said !== '' && { message: said }),
      ...(outputs !== undefined && { outputs }),
    },
  }
}
