import type { NodeStatus } from '@argosy/engine'
import { nodePhase, type Phase } from '../format/phase.ts'
import { labelOf } from '../graph/fold.ts'
import { type Nodes, ownersOf } from '../graph/owners.ts'

export interface Bar {
  readonly id: string
  readonly label: string
  readonly depth: number
  readonly phase: Phase
  /** Parts of the whole, 0 to 1. */
  readonly from: number
  readonly to: number
}

export interface Timeline {
  readonly bars: readonly Bar[]
  readonly startMs: number
  readonly endMs: number
}

const hidden = new Set(['StepGroup'])

/** When everything ran: owners above what they own, in the order in which things began. */
export function timeline(nodes: Nodes, now: number): Timeline {
  const shown = Object.values(nodes).filter(({ type, startedAt }) => startedAt && !hidden.has(type))
  const times = shown.map((node) => ({ node, ...span(node, now) }))
  const startMs = times.reduce(
    (least, { start }) => Math.min(least, start),
    Number.POSITIVE_INFINITY,
  )
  const endMs = times.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY)
  if (times.length === 0) return { bars: [], startMs: now, endMs: now }
  const length = Math.max(endMs - startMs, 1000)
  const spans = new Map(times.map((one) => [one.node.id, one]))
  const bars = inOrder(spans, nodes).map(({ id, depth }): Bar => {
    const one = spans.get(id)
    const [start, end] = one ? [one.start, one.end] : [startMs, startMs]
    const node = nodes[id]
    return {
      id,
      depth,
      label: node ? labelOf(node) : id,
      phase: node ? nodePhase(node) : 'Pending',
      from: (start - startMs) / length,
      to: (end - startMs) / length,
    }
  })
  return { bars, startMs, endMs: startMs + length }
}

function span({ startedAt, finishedAt }: NodeStatus, now: number) {
  const start = Date.parse(startedAt ?? '')
  return { start, end: Math.max(start, finishedAt ? Date.parse(finishedAt) : now) }
}

type Spans = ReadonlyMap<string, { readonly start: number; readonly node: NodeStatus }>

function inOrder(spans: Spans, nodes: Nodes): readonly { id: string; depth: number }[] {
  const below = byOwner(spans, nodes)
  const ordered: { id: string; depth: number }[] = []
  const stack = (below.get('') ?? []).toReversed().map((id) => ({ id, depth: 0 }))
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { id, depth } = top
    ordered.push(top)
    for (const child of (below.get(id) ?? []).toReversed())
      stack.push({ id: child, depth: depth + 1 })
  }
  return ordered
}

/** Who is owned by whom, in the order of their start; those without an owner under ''. */
function byOwner(spans: Spans, nodes: Nodes): ReadonlyMap<string, readonly string[]> {
  const owners = ownersOf(nodes)
  const start = (id: string) => spans.get(id)?.start ?? 0
  const place = (id: string) => {
    const owner = owners.get(id) ?? ''
    return spans.has(owner) ? owner : ''
  }
  return Map.groupBy(
    [...spans.keys()].sort((a, b) => start(a) - start(b)),
    place,
  )
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
]

/** The marks of the axis, in milliseconds from the start: round numbers, never more than `most`. */
export function ticks(lengthMs: number, most: number): readonly number[] {
  const seconds = lengthMs / 1000
  const largest = Math.ceil(seconds / most / 86_400) * 86_400
  const step = (steps.find((one) => seconds / one <= most) ?? largest) * 1000
  const count = Math.floor(lengthMs / step)
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}
