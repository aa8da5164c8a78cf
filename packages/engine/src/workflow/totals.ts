import type { NodeRecord, NodeTable } from './nodes.ts'
import { formatProgress, parseProgress } from './progress.ts'
import type { RunState } from './run-state.ts'

/** What some nodes come to. */
interface Total {
  readonly done: number
  readonly all: number
  readonly durations: Readonly<Record<string, number>>
}

const none: Total = { done: 0, all: 0, durations: {} }

/** So many nodes are looked at again and again; beyond it a group keeps the sum of what is in it. */
const visitsAtMost = 2_000_000

/**
 * What groups sum up over everything below them, each node once: progress and resourcesDuration. While the workflow runs
 * a group counts what is in it (`GroupSums`); what comes after it hangs below it too, and is counted once, when the
 * workflow ends: upstream sums on every pass, which costs the square of the nodes.
 * argo: progress.UpdateProgress, resource.UpdateResourceDurations.
 */
export function sumUp(run: RunState): void {
  run.sums.settle()
  run.status.set('resourcesDuration', run.sums.whole.durations ?? {})
  sumUpGroups(run.nodes)
}

/** The same for the groups alone. */
export function sumUpGroups(nodes: NodeTable): void {
  const totals = new Totals(nodes)
  // What hangs below a node was made after it nearly always: from the last one on, what is below is known.
  for (const node of [...nodes.all()].reverse()) {
    const total = totals.below(node)
    if (node.isExecutable || total === undefined) continue
    if (total.all > 0) nodes.set(node, 'progress', formatProgress(total))
    if (Object.keys(total.durations).length > 0)
      nodes.set(node, 'resourcesDuration', total.durations)
  }
}

class Totals {
  readonly #nodes: NodeTable
  readonly #known = new Map<NodeRecord, Total>()
  #visitsLeft = visitsAtMost

  constructor(nodes: NodeTable) {
    this.#nodes = nodes
  }

  /** Of everything below a node; undefined when that costs too much to find out. */
  below(node: NodeRecord): Total | undefined {
    const total = this.#inSeries(node) ?? (node.isExecutable ? undefined : this.#oneByOne(node))
    if (total !== undefined) this.#known.set(node, total)
    return total
  }

  /** When all children go on to the same nodes, as in `steps`: the children, and what one of them has below it. */
  #inSeries(node: NodeRecord): Total | undefined {
    const children = this.#childrenOf(node)
    const [first] = children
    if (first === undefined) return none
    const after = this.#known.get(first)
    if (after === undefined || !children.every((child) => goOnAlike(child, first))) return undefined
    return children.reduce(plus, after)
  }

  #oneByOne(node: NodeRecord): Total | undefined {
    if (this.#visitsLeft <= 0) return undefined
    const seen = new Set(this.#childrenOf(node))
    for (const child of seen) for (const next of this.#childrenOf(child)) seen.add(next)
    this.#visitsLeft -= seen.size
    return [...seen].reduce(plus, none)
  }

  #childrenOf({ status }: NodeRecord): readonly NodeRecord[] {
    const found = new Set<NodeRecord>()
    for (const id of status.children) {
      const child = this.#nodes.get(id)
      if (child !== undefined) found.add(child)
    }
    return [...found]
  }
}

function goOnAlike({ status: { children } }: NodeRecord, { status: other }: NodeRecord): boolean {
  return (
    children === other.children ||
    (children.length === other.children.length &&
      children.every((id, index) => id === other.children[index]))
  )
}

function plus(sum: Total, { status, isExecutable }: NodeRecord): Total {
  const share = isExecutable ? parseProgress(status.progress) : undefined
  const own = status.type === 'Pod' ? status.resourcesDuration : undefined
  if (share === undefined && own === undefined) return sum
  return {
    done: sum.done + (share?.done ?? 0),
    all: sum.all + (share?.all ?? 0),
    durations: own === undefined ? sum.durations : added(sum.durations, own),
  }
}

function added(sum: Total['durations'], own: Total['durations']): Total['durations'] {
  const both = { ...sum }
  for (const [resource, seconds] of Object.entries(own)) {
    both[resource] = (both[resource] ?? 0) + seconds
  }
  return both
}
