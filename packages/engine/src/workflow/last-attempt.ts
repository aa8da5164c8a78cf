import type { NodeStatus } from '../spec/status.ts'
import type { NodeRecord, NodeTable } from './nodes.ts'

/** What others see of a node: of a retried one its last attempt. argo: possiblyGetRetryChildNode. */
export function visibleStatus(nodes: NodeTable, node: NodeRecord): NodeStatus {
  if (node.status.type !== 'Retry') return node.status
  for (const id of node.status.children.toReversed()) {
    const child = nodes.get(id)
    if (child !== undefined && child.status.nodeFlag?.hooked !== true) return child.status
  }
  return node.status
}

/** A retried daemon whose attempt has died, and whose next one is not ready yet. */
export function isReturning(nodes: NodeTable, node: NodeRecord): boolean {
  const { type, daemoned } = node.status
  if (type !== 'Retry' || daemoned !== true) return false
  return visibleStatus(nodes, node).daemoned !== true
}
