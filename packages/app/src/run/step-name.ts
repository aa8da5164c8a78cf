import type { NodeStatus } from '@argosy/engine'

/** A node's name as people would say it: `wf[0].load(1:b.txt)[2].sort` is `load(1:b.txt).sort`. */
export function stepName(workflow: string, node: NodeStatus): string {
  if (node.name === workflow) return workflow
  const rest = node.name.startsWith(workflow) ? node.name.slice(workflow.length) : node.name
  return rest.replace(/\[\d+\](?=\.)/g, '').replace(/^\./, '') || node.displayName
}
