import type { NodeRecord, NodeTable } from './nodes.ts'

/** The nodes at which the execution of a node leaves it: what comes next hangs below these. argo: getOutboundNodes. */
export function outboundOf(nodes: NodeTable, id: string): readonly NodeRecord[] {
  const node = nodes.get(id)
  if (node === undefined) return []
  const { type, children, outboundNodes } = node.status
  switch (type) {
    case 'Skipped':
    case 'Suspend':
    case 'HTTP':
    case 'Plugin':
      return [node]
    case 'Pod':
    case 'Container':
      return leavesOf(nodes, node)
    case 'TaskGroup':
      return children.length === 0 ? [node] : children.flatMap((child) => outboundOf(nodes, child))
    case 'Retry': {
      // argo: the last child, which is the exit handler when there is one: its success then hides a failed task.
      const records = children.flatMap((child) => nodes.get(child) ?? [])
      const last = records.findLast((record) => record.status.nodeFlag?.retried === true)
      // One without attempts was found in a cache, or never got its locks. Upstream hangs what comes next below nothing.
      return [last ?? node]
    }
    case 'Steps':
    case 'DAG':
    case 'StepGroup': {
      const outbound = (outboundNodes ?? []).flatMap((id) => outboundOf(nodes, id))
      // A template that failed before its last nodes existed has none. Upstream then hangs what comes next below
      // nothing, and a DAG around it waits for ever for a target that it cannot reach.
      return outbound.length === 0 ? [node] : outbound
    }
  }
}

/** Of a container set's pod the members that no other member waits for; what hangs below them belongs to others. */
function leavesOf(nodes: NodeTable, node: NodeRecord): readonly NodeRecord[] {
  if (node.status.children.length === 0) return [node]
  const set = node.status.type === 'Pod' ? node : node.boundary
  const members = node.status.children.flatMap((child) => {
    const record = nodes.get(child)
    return record?.status.type === 'Container' && record.boundary === set ? [record] : []
  })
  return members.length === 0 ? [node] : members.flatMap((member) => leavesOf(nodes, member))
}
