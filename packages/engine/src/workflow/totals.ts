import { isExecutable, type NodeRecord, type NodeTable } from './nodes.ts'
import type { RunState } from './run-state.ts'

/**
 * What groups sum up over everything below them, each node once: progress and resourcesDuration. Done once, when the
 * workflow ends: upstream sums on every pass, which costs the square of the nodes.
 * argo: progress.UpdateProgress, resource.UpdateResourceDurations.
 */
export function sumUp(run: RunState): void {
  const { nodes } = run
  run.status.set('resourcesDuration', totalOf(nodes.all()))
  let visitsLeft = 2_000_000
  for (const node of nodes.all()) {
    if (isExecutable(node.status.type) || visitsLeft <= 0) continue
    const below = descendants(nodes, node)
    visitsLeft -= below.length
    const executable = below.filter(({ status }) => isExecutable(status.type))
    const done = executable.filter(({ status }) => status.phase === 'Succeeded')
    nodes.set(node, 'progress', `${done.length}/${executable.length}`)
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
