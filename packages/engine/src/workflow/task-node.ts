import type { Invocation } from '../spec/workflow.ts'
import { createNode } from './host.ts'
import type { NodeRecord } from './nodes.ts'
import type { TaskOwner } from './task-owner.ts'

export type SkippedPhase = 'Skipped' | 'Omitted' | 'Error'

/** A new node of a step or task that has no body: it does not run, or is the group of a loop's items. */
export function taskNode(
  { host, boundary }: TaskOwner,
  use: Invocation,
  node: { readonly nodeName: string } & (
    | { readonly type: 'Skipped'; readonly phase: SkippedPhase; readonly message: string }
    | { readonly type: 'TaskGroup'; readonly phase: 'Running' }
  ),
): NodeRecord {
  return createNode(host.run, {
    ...node,
    use,
    templateScope: `${host.inner.kind}/${host.inner.name}`,
    boundary: boundary.record,
    onExit: host.spec.onExit,
    flag: {},
  })
}
