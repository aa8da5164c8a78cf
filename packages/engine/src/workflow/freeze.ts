import { FrozenLeaf } from './frozen-leaf.ts'
import type { NodeRecord } from './nodes.ts'
import type { RunState } from './run-state.ts'

/**
 * Whether nothing of the workflow may move but its pods. Terminate lets it go on to its end: nothing can begin any more.
 * Upstream waits for somebody to resume it even then.
 */
export function isFrozen({ spec }: RunState): boolean {
  return spec.suspend === true && spec.shutdown !== 'Terminate'
}

/** Takes up the pods of a suspended workflow, and what waits without one. argo: operate up to podReconciliation. */
export function freeze(run: RunState): void {
  run.locks.keepAll()
  for (const node of [...run.nodes.all()]) {
    if (node.ended) continue
    node.onExit = isOfExitHandler(node)
    const { type, phase, synchronizationStatus } = node.status
    const waits = type === 'Suspend' || synchronizationStatus !== undefined
    if (waits) run.suspended.set(node.id, { node, end: endWaiting(run, node) })
    else if (isLeaf(type) && phase !== undefined) new FrozenLeaf(run, node).start()
  }
}

function endWaiting(run: RunState, node: NodeRecord) {
  return (phase: 'Succeeded' | 'Failed', message?: string): void => {
    run.suspended.delete(node.id)
    run.mark(node, phase, message)
  }
}

function isLeaf(type: NodeRecord['status']['type']): boolean {
  return type === 'Pod' || type === 'HTTP' || type === 'Plugin'
}

// argo: IsPartOfExitHandler; the attempts of a handler that is retried belong to it too.
function isOfExitHandler(node: NodeRecord): boolean {
  for (let at: NodeRecord | undefined = node; at !== undefined; at = at.boundary) {
    if (/\.onExit(\(\d+\))?$/.test(at.status.name)) return true
  }
  return false
}
