import type { NodeRecord, NodeTable } from './nodes.ts'
import { formatProgress, parseProgress, type Share } from './progress.ts'
import type { RunState } from './run-state.ts'

/**
 * What groups sum up over everything below them, each node once: progress and resourcesDuration. While the workflow runs
 * a group counts what is in it (`GroupSums`); what comes after it hangs below it too, and is counted once, when the
 * workflow ends: upstream sums on every pass, which costs the square of the nodes.
 * argo: progress.UpdateProgress, resource.UpdateResourceDurations.
 */
export function sumUp(run: RunState): void {
  const { nodes } = run
  run.sums.settle()
  run.status.set('resourcesDuration', run.sums.whole.durations ?? {})
  let visitsLeft = 2_000_000
  for (const node of nodes.all()) {
    if (node.isExecutable || visitsLeft <= 0) continue
    const below = descendants(nodes, node)
    visitsLeft -= below.length
    const progress = progressOf(below)
    if (progress.all > 0) nodes.set(node, 'progress', formatProgress(progress))
    const total = totalOf(below)
    if (Object.keys(total).length > 0) nodes.set(node, 'resourcesDuration', total)
  }
}

function descendants(nodes: NodeTable, node: NodeRecord): readonly NodeRecord[] {
  const seen = new Set<NodeRecord>()
  const add = (parent: NodeRecord) => {
    for (const id of parent.status.children) {
      const child = nodes.get(id)
      if (child !== undefined) seen.add(child)
    }
  }
  add(node)
  for (const child of seen) add(child)
  return [...seen]
}

function progressOf(nodes: readonly NodeRecord[]): Share {
  let [done, all] = [0, 0]
  for (const { status, isExecutable } of nodes) {
    const share = isExecutable ? parseProgress(status.progress) : undefined
    done += share?.done ?? 0
    all += share?.all ?? 0
  }
  return { done, all }
}

function totalOf(nodes: Iterable<NodeRecord>): Readonly<Record<string, number>> {
  const total: Record<string, number> = {}
  for (const { status } of nodes) {
    if (status.type !== 'Pod') continue
    for (const [resource, seconds] of Object.entries(status.resourcesDuration ?? {})) {
      total[resource] = (total[resource] ?? 0) + seconds
    }
  }
  return total
}
