import type { NodeRecord, NodeTable } from './nodes.ts'
import { formatProgress, parseProgress } from './progress.ts'

type Durations = Readonly<Record<string, number>>

interface Sum {
  done: number
  all: number
  durations: Durations | undefined
}

/**
 * What is summed up while a workflow runs: progress and resourcesDuration, over the whole and for each group over what
 * its name encloses. A change climbs to the groups around it, so that a pass costs what changed.
 * argo: progress.UpdateProgress, resource.UpdateResourceDurations.
 */
export class GroupSums {
  readonly whole: Sum = nothing()
  readonly #nodes: NodeTable
  readonly #rootName: string
  readonly #sums = new Map<NodeRecord, Sum>()
  readonly #around = new Map<NodeRecord, NodeRecord | undefined>()

  constructor(nodes: NodeTable, rootName: string) {
    this.#nodes = nodes
    this.#rootName = rootName
  }

  /** Writes to the groups what has been added below them since the last call. */
  settle(): void {
    const grown = new Set<NodeRecord>()
    for (const node of this.#nodes.takeMoved()) this.#climb(node, grown)
    for (const group of grown) this.#write(group)
  }

  #write(group: NodeRecord): void {
    const sum = this.#sums.get(group)
    if (sum === undefined) return
    if (sum.all > 0) this.#nodes.set(group, 'progress', formatProgress(sum))
    const { resourcesDuration: before } = group.status
    if (sum.durations !== undefined && !isSame(sum.durations, before)) {
      this.#nodes.set(group, 'resourcesDuration', sum.durations)
    }
  }

  #climb(node: NodeRecord, grown: Set<NodeRecord>): void {
    const more = news(node)
    if (more === undefined) return
    add(this.whole, more)
    for (let at = this.#find(node); at !== undefined; at = this.#enclosing(at)) {
      const sum = this.#sums.get(at) ?? nothing()
      this.#sums.set(at, sum)
      add(sum, more)
      grown.add(at)
    }
  }

  #enclosing(group: NodeRecord): NodeRecord | undefined {
    if (this.#around.has(group)) return this.#around.get(group)
    const found = this.#find(group)
    this.#around.set(group, found)
    return found
  }

  /** The innermost group whose name this node's name goes on from. */
  #find({ status }: NodeRecord): NodeRecord | undefined {
    // The exit handler of the workflow stands beside its root.
    if (status.name === `${this.#rootName}.onExit`) return undefined
    for (let name = shorter(status.name); name !== ''; name = shorter(name)) {
      const node = this.#nodes.named(name)
      if (node !== undefined && !node.isExecutable) return node
    }
    return undefined
  }
}

/** What an executable node has not told its groups yet. */
function news(node: NodeRecord): Sum | undefined {
  const { status, told } = node
  const { done, all } = parseProgress(status.progress) ?? nothing()
  const durations =
    status.type === 'Pod' && told?.durations === undefined ? status.resourcesDuration : undefined
  const more = { done: done - (told?.done ?? 0), all: all - (told?.all ?? 0), durations }
  if (more.done === 0 && more.all === 0 && durations === undefined) return undefined
  node.told = { done, all, durations: told?.durations ?? durations }
  return more
}

function nothing(): Sum {
  return { done: 0, all: 0, durations: undefined }
}

/** A node's name without its last part: `(0:item)`, `[0]` or `.task`. An item may hold anything but parentheses. */
function shorter(name: string): string {
  if (name.endsWith(')')) return name.slice(0, Math.max(0, name.lastIndexOf('(')))
  return name.slice(0, Math.max(0, name.lastIndexOf('.'), name.lastIndexOf('[')))
}

function add(sum: Sum, more: Sum): void {
  sum.done += more.done
  sum.all += more.all
  if (more.durations !== undefined) sum.durations = plus(sum.durations, more.durations)
}

/** The same numbers: after a restart they have been counted anew. */
export function isSame(left: Durations, right: Durations | undefined): boolean {
  const names = Object.keys(left)
  return (
    right !== undefined &&
    names.length === Object.keys(right).length &&
    names.every((name) => left[name] === right[name])
  )
}

function plus(left: Durations | undefined, right: Durations): Durations {
  const total: Record<string, number> = { ...left }
  for (const [resource, seconds] of Object.entries(right)) {
    total[resource] = (total[resource] ?? 0) + seconds
  }
  return total
}
