import type { NodeStatus } from '@argosy/engine'

/** How a node looks to people: its phase, or waiting for somebody's `resume`. */
export type Look =
  | 'Pending'
  | 'Running'
  | 'Suspended'
  | 'Succeeded'
  | 'Skipped'
  | 'Failed'
  | 'Error'
  | 'Omitted'

export type Counts = Partial<Record<Look, number>>

/** A sibling: one node, or the many items of one loop seen as one. */
export type Item =
  | { readonly kind: 'node'; readonly node: NodeStatus }
  | {
      readonly kind: 'loop'
      readonly name: string
      readonly nodes: readonly NodeStatus[]
      readonly counts: Counts
      readonly look: Look
    }

/** Joins the items of loops that have more than `limit`: of fifty thousand siblings nobody reads each. */
export function fold(siblings: readonly NodeStatus[], limit: number): readonly Item[] {
  if (siblings.length <= limit) return siblings.map((node) => ({ kind: 'node', node }))
  const items: Item[] = []
  for (const [name, nodes] of groupByLoop(siblings)) {
    if (nodes.length <= limit) for (const node of nodes) items.push({ kind: 'node', node })
    else items.push(loop(name, nodes))
  }
  return items
}

export function lookOf(node: NodeStatus): Look {
  if (node.type === 'Suspend' && node.phase === 'Running') return 'Suspended'
  return node.phase ?? 'Pending'
}

/** What a reader wants to see first. */
const urgency: Record<Look, number> = {
  Failed: 0,
  Error: 0,
  Suspended: 1,
  Running: 2,
  Pending: 3,
  Succeeded: 4,
  Skipped: 5,
  Omitted: 6,
}

/** The `count` most telling nodes: failed ones first, then those at work, then the rest in order. */
export function mostTelling(nodes: readonly NodeStatus[], count: number): readonly NodeStatus[] {
  const buckets: NodeStatus[][] = [[], [], [], [], [], [], []]
  for (const node of nodes) {
    const bucket = buckets[urgency[lookOf(node)]]
    if (bucket && bucket.length < count) bucket.push(node)
  }
  return buckets.flat().slice(0, count)
}

/** As `3 ✖  4 ●  96 ✔` wants them: most telling first. */
export function inOrder(counts: Counts): readonly (readonly [Look, number])[] {
  const looks = Object.keys(urgency) as Look[]
  return looks.flatMap((look) => (counts[look] ? [[look, counts[look]] as const] : []))
}

function countsOf(nodes: readonly NodeStatus[]): Counts {
  const counts: Counts = {}
  for (const node of nodes) {
    const look = lookOf(node)
    counts[look] = (counts[look] ?? 0) + 1
  }
  return counts
}

function loop(name: string, nodes: readonly NodeStatus[]): Item {
  const counts = countsOf(nodes)
  const look = inOrder(counts)[0]?.[0] ?? 'Pending'
  return { kind: 'loop', name, nodes, counts, look }
}

/** `load(3:c.txt)` is an item of `load`. */
function groupByLoop(siblings: readonly NodeStatus[]): ReadonlyMap<string, NodeStatus[]> {
  const loops = new Map<string, NodeStatus[]>()
  for (const node of siblings) {
    const at = node.displayName.indexOf('(')
    const name = at > 0 ? node.displayName.slice(0, at) : node.displayName
    const list = loops.get(name)
    if (list) list.push(node)
    else loops.set(name, [node])
  }
  return loops
}
