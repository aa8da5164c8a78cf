import { Ancestry } from '../ancestry.ts'

/** Names, each with the names that come before it. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** An order in which everything comes after what it needs, or a way that ends where it began. */
export interface Topology {
  readonly order: readonly string[]
  readonly cycle?: readonly string[]
}

/** Sorts a graph; names that are needed but not there count as done. Never recurses: chains may be long. */
export function topology(graph: Graph): Topology {
  const { missing, after } = countNeeds(graph)
  const order = [...graph.keys()].filter((name) => missing.get(name) === 0)
  // The list grows while it is walked.
  for (const name of order) {
    for (const next of after.get(name) ?? []) {
      const left = (missing.get(next) ?? 0) - 1
      missing.set(next, left)
      if (left === 0) order.push(next)
    }
  }
  const cycle = order.length < graph.size ? cycleAmong(graph, new Set(order)) : undefined
  return cycle ? { order, cycle } : { order }
}

function countNeeds(graph: Graph) {
  const missing = new Map<string, number>()
  const after = new Map<string, string[]>()
  for (const [name, needs] of graph) {
    const known = needs.filter((need) => graph.has(need))
    missing.set(name, known.length)
    for (const need of known) {
      const list = after.get(need)
      if (list) list.push(name)
      else after.set(need, [name])
    }
  }
  return { missing, after }
}

/** Whoever is not done needs someone who is not done either: following that leads round. */
function cycleAmong(graph: Graph, done: ReadonlySet<string>): string[] | undefined {
  const isOpen = (name: string) => graph.has(name) && !done.has(name)
  const way: string[] = []
  const at = new Map<string, number>()
  let name = [...graph.keys()].find(isOpen)
  while (name !== undefined) {
    const seen = at.get(name)
    if (seen !== undefined) return [...way.slice(seen), name]
    at.set(name, way.length)
    way.push(name)
    name = graph.get(name)?.find(isOpen)
  }
  return undefined
}

/** Who comes before whom in it. */
export function ancestryOf(graph: Graph): Ancestry {
  const { after } = countNeeds(graph)
  return new Ancestry({
    needs: (name) => graph.get(name) ?? [],
    dependents: (name) => after.get(name) ?? [],
  })
}
