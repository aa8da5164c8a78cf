import type { NodeType } from '../spec/status.ts'
import type { NodeRecord } from './nodes.ts'
import type { RunState } from './run-state.ts'

/** Why a leaf that has begun must end now: `stopped` says it for a shutdown. argo: applyExecutionControl. */
export function reasonToEnd(run: RunState, node: NodeRecord, stopped: string): string | undefined {
  // What it serves ends, and it with that.
  if (node.status.daemoned === true) return undefined
  if (!run.mayExecute(node.onExit)) return stopped
  return run.pastDeadline && !node.onExit ? 'Step exceeded its deadline' : undefined
}

/** What a node says that a shutdown has ended: tasks of the agent have no pod. argo: failNodesWithoutCreatedPods…, applyExecutionControl. */
export function shutdownMessage(type: NodeType, shutdown: string | undefined): string {
  return type === 'HTTP' || type === 'Plugin' || type === 'Suspend'
    ? `Stopped with strategy '${shutdown}'`
    : `workflow shutdown with strategy:  ${shutdown}`
}
