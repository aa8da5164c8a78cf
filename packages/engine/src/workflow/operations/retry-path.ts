import type { NodeType } from '../../spec/status.ts'
import type { Refusal } from './refusal.ts'
import type { TreeNode } from './retry-tree.ts'

/** What has to happen for one node to run again: ids. */
export interface RetryPlan {
  readonly reset: Set<string>
  readonly remove: Set<string>
}

const groups: readonly NodeType[] = ['DAG', 'TaskGroup', 'StepGroup', 'Steps']

/** Removes the node with all below it, and resets what it stands in, up to the root. argo: resetPath. */
export function planRetryOf(node: TreeNode, plan: RetryPlan): Refusal | undefined {
  removeAll(node, plan)
  const resetIds: string[] = []
  const reset = (one: TreeNode) => resetIds.push(one.status.id)
  let at: TreeNode | undefined = node.parent === undefined ? undefined : node
  while (at !== undefined) {
    const next = step(at, plan, reset)
    if ('refused' in next) return next
    at = next.at
  }
  for (const id of resetIds) plan.reset.add(id)
  return undefined
}

type Reset = (node: TreeNode) => void

function step(
  at: TreeNode,
  plan: RetryPlan,
  reset: Reset,
): { readonly at: TreeNode | undefined } | Refusal {
  const { type } = at.status
  if (groups.includes(type)) {
    reset(at)
    return resetBoundaries(at, reset)
  }
  if (type === 'Retry' && mustGoOn(at, plan)) reset(at)
  if (type !== 'Container') return { at: at.parent }
  const pod = upTo(at, (one) => one.status.type === 'Pod')
  if (pod === undefined) return ranOut
  removeAll(pod, plan)
  return { at: pod }
}

/** Upstream leaves a succeeded one without its attempt: it would not run again, and what comes after it never. */
function mustGoOn({ status, children }: TreeNode, { remove }: RetryPlan): boolean {
  const failed = status.phase === 'Failed' || status.phase === 'Error'
  return failed || children.some((child) => remove.has(child.status.id))
}

const ranOut: Refusal = { refused: 'was seeking node but ran out of nodes to explore' }

/** Climbs from boundary to boundary, and resets the groups and retries on the way. argo: resetBoundaries. */
function resetBoundaries(
  from: TreeNode,
  reset: Reset,
): { readonly at: TreeNode | undefined } | Refusal {
  let at = from
  for (;;) {
    if (at.parent?.status.type === 'Retry') {
      reset(at.parent)
      at = at.parent
    }
    const above = at.parent?.status.type
    if (at.parent !== undefined && (above === 'StepGroup' || above === 'TaskGroup')) {
      reset(at.parent)
    }
    const { boundaryID } = at.status
    if (!boundaryID) return { at: at.parent }
    const boundary = upTo(at, (one) => one.status.id === boundaryID)
    if (boundary === undefined) return ranOut
    reset(boundary)
    at = boundary
  }
}

function upTo(from: TreeNode, isIt: (node: TreeNode) => boolean): TreeNode | undefined {
  let at: TreeNode | undefined = from
  while (at !== undefined && !isIt(at)) at = at.parent
  return at
}

/** What is removed already is so with all below it. */
function removeAll(node: TreeNode, { remove }: RetryPlan): void {
  const due = [node]
  for (let at = due.pop(); at !== undefined; at = due.pop()) {
    if (remove.has(at.status.id)) continue
    remove.add(at.status.id)
    due.push(...at.children)
  }
}
