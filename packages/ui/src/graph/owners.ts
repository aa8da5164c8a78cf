import type { NodeStatus } from '@argosy/engine'

export type Nodes = Readonly<Record<string, NodeStatus>>

/**
 * Who a node belongs to: an attempt to its Retry, an item to its TaskGroup or StepGroup, anything else to its boundary.
 * Nobody is his own owner, and no chain of owners goes in a circle.
 */
export function ownersOf(nodes: Nodes): ReadonlyMap<string, string> {
  const all = Object.values(nodes)
  const boundaries = all.flatMap(({ id, boundaryID }) =>
    boundaryID && boundaryID !== id && nodes[boundaryID] ? [[id, boundaryID] as const] : [],
  )
  const groups = all.filter(({ type }) => type === 'Retry' || type === 'TaskGroup')
  // Later entries win: a group is nearer than the boundary.
  return new Map([...boundaries, ...groups.flatMap((group) => itemsOf(group, nodes))])
}

function itemsOf({ id, name, children = [] }: NodeStatus, nodes: Nodes) {
  return children
    .filter((child) => nodes[child]?.name.startsWith(`${name}(`))
    .map((child) => [child, id] as const)
}

/** The owners of a node, the nearest first. */
export function ownerChain(owners: ReadonlyMap<string, string>, id: string): readonly string[] {
  const chain: string[] = []
  for (let at = owners.get(id); at !== undefined && !chain.includes(at); at = owners.get(at)) {
    chain.push(at)
  }
  return chain
}
