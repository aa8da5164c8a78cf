import type { NodeStatus } from '@argosy/engine'
import { hasFailed, nodePhase } from '../format/phase.ts'
import { type Nodes, ownerChain, ownersOf } from '../graph/owners.ts'

/**
 * The steps that failed by themselves, the first to fail first; whom they took with them comes by `causeChain`. Of a step
 * that was tried again only its last attempt counts.
 */
export function rootFailures(nodes: Nodes): readonly NodeStatus[] {
  const failed = Object.values(nodes).filter((node) => hasFailed(nodePhase(node)))
  const owners = ownersOf(nodes)
  const blamed = new Set<string>()
  for (const { id } of failed) for (const owner of ownerChain(owners, id)) blamed.add(owner)
  // A group of steps owns nothing by name; it fails with its children.
  for (const { id, type, children } of failed) {
    if (type === 'StepGroup' && children?.some((child) => isFailed(nodes[child]))) blamed.add(id)
  }
  const earlier = new Set(
    Object.values(nodes).flatMap((one) => attemptsAt(one, nodes).slice(0, -1)),
  )
  const isOfEarlier = (id: string) =>
    [id, ...ownerChain(owners, id)].some((one) => earlier.has(one))
  return failed
    .filter(({ id }) => !blamed.has(id) && !isOfEarlier(id))
    .sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''))
}

/** The ids of a Retry's attempts, in their order; of other nodes none. */
function attemptsAt({ type, name, children = [] }: NodeStatus, nodes: Nodes): readonly string[] {
  if (type !== 'Retry') return []
  return children.filter((child) => nodes[child]?.name.startsWith(`${name}(`))
}

/** How often the step was tried, with this one. */
export function triesOf(nodes: Nodes, id: string): number {
  const retry = ownerChain(ownersOf(nodes), id).find((one) => nodes[one]?.type === 'Retry')
  const node = retry === undefined ? undefined : nodes[retry]
  return node ? attemptsAt(node, nodes).length : 1
}

/** From the step up to the run: who failed because of whom. */
export function causeChain(nodes: Nodes, id: string): readonly NodeStatus[] {
  return [id, ...ownerChain(ownersOf(nodes), id)].flatMap((one) => nodes[one] ?? [])
}

function isFailed(node: NodeStatus | undefined): boolean {
  return node !== undefined && hasFailed(nodePhase(node))
}
