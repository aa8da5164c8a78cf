import type { Flow } from './flow.ts'
import type { FlowShape } from './flow-shape.ts'
import type { Edge } from './fold.ts'

/** What events of one box come from, and what they lead to; a bus joins them all and says nothing of that. */
export function relatedTo(id: string, { shapes, edges }: Flow): ReadonlySet<string> {
  const byId = new Map(shapes.map((shape) => [shape.id, shape]))
  const start = byId.get(id)
  if (!start) return new Set()
  const isBus = (end: string) => byId.get(end)?.genre === 'bus'
  if (start.genre === 'bus') return ends(edges.filter(({ from, to }) => from === id || to === id))
  const ways = [
    ...edges.filter(({ from, to }) => !isBus(from) && !isBus(to)),
    ...shapes.flatMap((shape) => waysInto(shape, start)),
  ]
  const ups = ways.map(({ from, to }) => ({ from: to, to: from }))
  const found = new Set([...reached(id, ups), ...reached(id, ways)])
  // Whose triggers are reached, and the bus in between.
  const sensors = edges.filter(
    ({ from, to }) => found.has(to) && byId.get(from)?.genre === 'sensor',
  )
  for (const { from } of sensors) found.add(from)
  for (const { from, to } of edges) if (isBus(to) && found.has(from)) found.add(to)
  return found
}

/** Through a sensor a trigger would reach what other triggers wait for: only one that is asked for is a way. */
function waysInto({ id, genre, needs }: FlowShape, start: FlowShape): readonly Edge[] {
  if (genre !== 'trigger' && id !== start.id) return []
  return needs.map((from) => ({ from, to: id }))
}

function ends(edges: readonly Edge[]): ReadonlySet<string> {
  return new Set(edges.flatMap(({ from, to }) => [from, to]))
}

function reached(start: string, ways: readonly Edge[]): ReadonlySet<string> {
  const next = new Map<string, string[]>()
  for (const { from, to } of ways) next.set(from, [...(next.get(from) ?? []), to])
  const seen = new Set([start])
  for (const id of seen) for (const one of next.get(id) ?? []) seen.add(one)
  return seen
}
