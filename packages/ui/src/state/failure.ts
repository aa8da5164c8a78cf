import type { NodeStatus } from '@argosy/engine'
import { hasFailed, nodePhase } from '../format/phase.ts'
import { type Nodes, ownerChain, ownersOf } from '../graph/owners.ts'

/** The steps that failed by themselves, the first to fail first; whom they took with them comes by `causeChain`. */
export function rootFailures(nodes: Nodes): readonly NodeStatus[] {
  const failed = Object.values(nodes).filter((node) => hasFailed(nodePhase(node)))
  const owners = ownersOf(nodes)
  const blamed = new Set<string>()
  for (const { id } of failed) for (const owner of ownerChain(owners, id)) blamed.add(owner)
  // A group of steps owns nothing by name; it fails with its children.
  for (const { id, type, children } of failed) {
    if (type === 'StepGroup' && children?.some((child) => isFailed(nodes[child]))) blamed.add(id)
  }
  return failed
    .filter(({ id }) => !blamed.has(id))
    .sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''))
}

/** From the step up to the run: who failed because of whom. */
export function causeChain(nodes: Nodes, id: string): readonly NodeStatus[] {
  return [id, ...ownerChain(ownersOf(nodes), id)].flatMap((one) => nodes[one] ?? [])
}

function isFailed(node: NodeStatus | undefined): boolean {
  return node !== undefined && hasFailed(nodePhase(node))
}
