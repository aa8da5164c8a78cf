import type { NodeStatus } from '../../spec/status.ts'

/** The ids of all nodes above one that `isIt`, by whatever way: whoever asks node by node need not walk down each time. */
export function leadingTo(
  nodes: readonly NodeStatus[],
  isIt: (node: NodeStatus) => boolean,
): ReadonlySet<string> {
  const parents = new Map<string, string[]>()
  for (const { id, children = [] } of nodes) {
    for (const child of children) {
      const known = parents.get(child)
      if (known === undefined) parents.set(child, [id])
      else known.push(id)
    }
  }
  const above = new Set(nodes.filter(isIt).flatMap(({ id }) => parents.get(id) ?? []))
  for (const id of above) for (const parent of parents.get(id) ?? []) above.add(parent)
  return above
}
