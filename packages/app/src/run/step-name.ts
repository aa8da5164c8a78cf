import type { NodeStatus } from '@argosy/engine'

/** A node's name as people would say it: `wf[0].load(1:b.txt)[2].sort` is `load(1:b.txt).sort`. */
export function stepName(workflow: string, node: NodeStatus): string {
  if (node.name === workflow) return workflow
  const rest = node.name.startsWith(workflow) ? node.name.slice(workflow.length) : node.name
  const path = rest.replace(/\[\d+\](?=\.)/g, '').replace(/^\./, '')
  // Attempts of a workflow that is one step.
  return path.startsWith('(') ? `${workflow}${path}` : path || node.displayName
}
