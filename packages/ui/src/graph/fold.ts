import type { NodeStatus } from '@argosy/engine'
import { nodePhase, type Phase, urgency } from '../format/phase.ts'
import { type Nodes, ownersOf } from './owners.ts'

/** One thing that is drawn: a node, or many of one loop folded into one. */
export interface Shape {
  readonly id: string
  readonly label: string
  readonly kind: 'node' | 'fold' | 'junction'
  readonly phase: Phase
  /** The nodes behind it; of a fold the failed ones first. */
  readonly members: readonly string[]
  /** The id to give back to `open` or `closed`, when it can be unfolded or folded. */
  readonly toggle?: string
  readonly folded?: boolean
}

export interface Edge {
  readonly from: string
  readonly to: string
}

export interface Drawing {
  readonly shapes: readonly Shape[]
  readonly edges: readonly Edge[]
}

/** What the reader unfolded; everything else is as it is by itself. */
export type Unfolded = ReadonlySet<string>

/** Loops from this size on are folded. */
const foldAt = 8

/** The run as it is to be drawn: attempts inside their Retry, loops folded, groups of steps as mere junctions. */
export function fold(nodes: Nodes, unfolded: Unfolded): Drawing {
  const owners = ownersOf(nodes)
  const folds = foldsOf(nodes, unfolded)
  const stands = standsFor(nodes, owners, folds)
  const shapes = new Map<string, Shape>()
  for (const node of Object.values(nodes)) {
    const id = stands(node.id)
    if (!shapes.has(id)) shapes.set(id, folds.shapes.get(id) ?? shapeOf(nodes[id] ?? node, folds))
  }
  return dissolve({ shapes: [...shapes.values()], edges: edgesBetween(nodes, stands) })
}

interface Folds {
  /** From a node to the fold that it is in. */
  readonly of: ReadonlyMap<string, string>
  readonly shapes: ReadonlyMap<string, Shape>
  /** From a group to the folds of it that the reader opened. */
  readonly opened: ReadonlyMap<string, string>
}

function foldsOf(nodes: Nodes, unfolded: Unfolded): Folds {
  const of = new Map<string, string>()
  const shapes = new Map<string, Shape>()
  const opened = new Map<string, string>()
  for (const { group, base, members } of largeLoops(nodes)) {
    const id = `fold:${group.id}/${base}`
    if (unfolded.has(id)) {
      opened.set(group.id, id)
      continue
    }
    shapes.set(id, foldShape(id, base, members))
    for (const member of members) of.set(member.id, id)
    if (group.type === 'TaskGroup') of.set(group.id, id)
  }
  return { of, shapes, opened }
}

interface Loop {
  readonly group: NodeStatus
  readonly base: string
  readonly members: readonly NodeStatus[]
}

function largeLoops(nodes: Nodes): readonly Loop[] {
  return Object.values(nodes)
    .filter(({ type }) => type === 'TaskGroup' || type === 'StepGroup')
    .flatMap((group) =>
      [...loopsOf(group, nodes)].map(([base, members]) => ({ group, base, members })),
    )
    .filter(({ members }) => members.length >= foldAt)
}

/** The loops among the children of a group: `fetch(0:a)`, `fetch(1:b)` are of `fetch`. */
function loopsOf(group: NodeStatus, nodes: Nodes): ReadonlyMap<string, readonly NodeStatus[]> {
  const loops = new Map<string, NodeStatus[]>()
  for (const id of group.children ?? []) {
    const node = nodes[id]
    const at = node ? node.displayName.search(/\(\d+:/) : -1
    if (!node || at < 0) continue
    const base = node.displayName.slice(0, at)
    const loop = loops.get(base)
    if (loop) loop.push(node)
    else loops.set(base, [node])
  }
  return loops
}

function foldShape(id: string, base: string, members: readonly NodeStatus[]): Shape {
  const sorted = members.toSorted((a, b) => urgency[nodePhase(a)] - urgency[nodePhase(b)])
  const first = sorted[0]
  return {
    id,
    label: base,
    kind: 'fold',
    phase: first ? nodePhase(first) : 'Pending',
    members: sorted.map((node) => node.id),
    toggle: id,
    folded: true,
  }
}

function shapeOf(node: NodeStatus, { opened }: Folds): Shape {
  const toggle = opened.get(node.id)
  return {
    id: node.id,
    label: labelOf(node),
    kind: node.type === 'StepGroup' ? 'junction' : 'node',
    phase: nodePhase(node),
    members: [node.id],
    ...(toggle !== undefined && { toggle, folded: false }),
  }
}

/** An exit handler without an owner carries the whole run's name in front of its own. */
export function labelOf({ displayName, name }: NodeStatus): string {
  return /\.onExit$/.test(displayName) ? 'onExit' : displayName || name
}

/** Which shape a node is seen as: the outermost fold around it, its Retry, or itself. */
function standsFor(nodes: Nodes, owners: ReadonlyMap<string, string>, { of }: Folds) {
  const known = new Map<string, string>()
  const find = (id: string): string => {
    const before = known.get(id)
    if (before !== undefined) return before
    // Guards against owners in a circle, which only a broken status has.
    known.set(id, id)
    const answer = of.get(id) ?? throughOwner(id)
    known.set(id, answer)
    return answer
  }
  const throughOwner = (id: string): string => {
    const owner = owners.get(id)
    if (owner === undefined) return id
    const seenAs = find(owner)
    const attempt =
      nodes[owner]?.type === 'Retry' && nodes[id]?.type !== 'DAG' && nodes[id]?.type !== 'Steps'
    return seenAs.startsWith('fold:') || (attempt && seenAs === owner) ? seenAs : id
  }
  return find
}

function edgesBetween(nodes: Nodes, stands: (id: string) => string): readonly Edge[] {
  const ends = new Map<string, Set<string>>()
  for (const { id, children = [] } of Object.values(nodes)) {
    const from = stands(id)
    const known = ends.get(from) ?? new Set()
    ends.set(from, known)
    for (const child of children) if (nodes[child]) known.add(stands(child))
    known.delete(from)
  }
  const edges: Edge[] = []
  for (const [from, all] of ends) for (const to of all) edges.push({ from, to })
  return edges
}

/** Takes out the junctions that join nothing: one line in or one line out. */
function dissolve({ shapes, edges }: Drawing): Drawing {
  if (!shapes.some(({ kind }) => kind === 'junction')) return { shapes, edges }
  const ins = Map.groupBy(edges, ({ to }) => to)
  const outs = Map.groupBy(edges, ({ from }) => from)
  const needless = new Set(
    shapes
      .filter(({ id, kind, toggle }) => {
        const many = (ins.get(id)?.length ?? 0) > 1 && (outs.get(id)?.length ?? 0) > 1
        return kind === 'junction' && !toggle && !many
      })
      .map(({ id }) => id),
  )
  const targets = (id: string, seen: ReadonlySet<string>): readonly string[] =>
    needless.has(id) && !seen.has(id)
      ? (outs.get(id) ?? []).flatMap(({ to }) => targets(to, new Set([...seen, id])))
      : [id]
  const joined = edges
    .filter(({ from }) => !needless.has(from))
    .flatMap(({ from, to }) => targets(to, new Set()).map((end) => ({ from, to: end })))
  return { shapes: shapes.filter(({ id }) => !needless.has(id)), edges: joined }
}

/** How many members are in which phase, the urgent ones first. */
export function tally(
  members: readonly string[],
  nodes: Nodes,
): readonly (readonly [Phase, number])[] {
  const counts = new Map<Phase, number>()
  for (const id of members) {
    const node = nodes[id]
    if (!node) continue
    const phase = nodePhase(node)
    counts.set(phase, (counts.get(phase) ?? 0) + 1)
  }
  return [...counts].sort(([a], [b]) => urgency[a] - urgency[b])
}
