import type { NodePhase } from '../spec/status.ts'
import type { ContinueOn } from '../spec/workflow.ts'
import type { NodeRecord, NodeTable } from './nodes.ts'

interface Target {
  readonly id: string
  readonly continueOn: ContinueOn | undefined
}

/**
 * The phase of a DAG none of whose nodes runs. argo: assessDAGPhase: each branch carries the phase of its last
 * completed node, skipped and omitted nodes inherit it, and the targets' branches decide.
 */
export function assessDag(input: {
  readonly nodes: NodeTable
  readonly dag: NodeRecord
  readonly targets: readonly Target[]
  readonly failFast: boolean
}): NodePhase {
  const branches = walk(input)
  if (branches === undefined) return 'Running'
  return verdict(input.targets, branches, input.failFast)
}

/** The branch phase of each target that was reached; undefined when something still runs. */
function walk({
  nodes,
  dag,
  targets,
}: {
  readonly nodes: NodeTable
  readonly dag: NodeRecord
  readonly targets: readonly Target[]
}): ReadonlyMap<string, NodePhase> | undefined {
  const wanted = new Set(targets.map(({ id }) => id))
  const found = new Map<string, NodePhase>()
  const seen = new Set<string>()
  const queue: { readonly id: string; readonly phase: NodePhase }[] = []
  const add = (ids: readonly string[], phase: NodePhase) => {
    for (const id of ids) {
      const key = `${phase} ${id}`
      if (seen.has(key)) continue
      seen.add(key)
      queue.push({ id, phase })
    }
  }
  // The hooks of the DAG itself hang below it too: who waits for the DAG waits for them.
  const within = (id: string) => isWithin(nodes.get(id)?.boundary, dag)
  const own = dag.status.children.filter((id) => nodes.get(id)?.boundary === dag)
  add(own, 'Succeeded')
  for (const { id, phase } of queue) {
    const node = nodes.get(id)
    if (node === undefined || !node.fulfilled) return undefined
    const branch = node.completed ? (node.status.phase ?? phase) : phase
    const before = found.get(id)
    if (wanted.has(id) && !isFailure(before)) found.set(id, branch)
    add(childrenOf(nodes, node).filter(within), branch)
  }
  return found
}

/**
 * A DAG that is retried may have been left before: what came after it hangs below its last nodes, and waits for it.
 * Upstream waits for that in turn.
 */
function isWithin(boundary: NodeRecord | undefined, dag: NodeRecord): boolean {
  let at = boundary
  while (at !== undefined && at !== dag) at = at.boundary
  return at === dag
}

// argo: getRetryNodeChildrenIds: the attempts do not interest, what comes after them does, and exit handlers do.
function childrenOf(nodes: NodeTable, node: NodeRecord): readonly string[] {
  const { type, children } = node.status
  if (type !== 'Retry') return children
  return children.toReversed().flatMap((id) => {
    const child = nodes.get(id)
    return child?.status.nodeFlag?.retried === true ? child.status.children : [id]
  })
}

function verdict(
  targets: readonly Target[],
  branches: ReadonlyMap<string, NodePhase>,
  failFast: boolean,
): NodePhase {
  const phases = targets.map((target) => targetPhase(target, branches))
  // With failFast a failure counts at once, without it all targets must be there first.
  if (failFast) return phases.find(isFailure) ?? lastUnlessSucceeded(phases)
  const missing = phases.indexOf('Running')
  return missing >= 0 ? 'Running' : lastUnlessSucceeded(phases)
}

function targetPhase(
  { id, continueOn }: Target,
  branches: ReadonlyMap<string, NodePhase>,
): NodePhase {
  const phase = branches.get(id)
  if (phase === undefined) return 'Running'
  if (!isFailure(phase)) return 'Succeeded'
  return (phase === 'Failed' ? continueOn?.failed : continueOn?.error) ? 'Succeeded' : phase
}

function lastUnlessSucceeded(phases: readonly NodePhase[]): NodePhase {
  return phases.findLast((phase) => phase !== 'Succeeded') ?? 'Succeeded'
}

function isFailure(phase: NodePhase | undefined): boolean {
  return phase === 'Failed' || phase === 'Error'
}
