import type { NodePhase, NodeStatus } from '@argosy/engine'

/** The nodes of a workflow as people read them: what stands below what, in which order. */
export interface Tree {
  /** The entry point first, then workflow hooks and the exit handler. */
  readonly roots: readonly NodeStatus[]
  /** Lists of siblings below a node: one per step group; a DAG, a retry or a step with hooks has one. */
  below(node: NodeStatus): readonly (readonly NodeStatus[])[]
}

type Nodes = Readonly<Record<string, NodeStatus>>

/** One walk over all nodes; sorting waits until somebody looks below a node. */
export function treeOf(nodes: Nodes): Tree {
  const owned = ownedBy(nodes)
  const inside = new Map<string, NodeStatus[]>()
  const roots: NodeStatus[] = []
  for (const node of Object.values(nodes)) {
    if (owned.has(node.id)) continue
    if (node.boundaryID === undefined) roots.push(node)
    else push(inside, node.boundaryID, node)
  }
  return {
    roots: roots.sort((a, b) => a.name.length - b.name.length),
    below: (node) => below(node, nodes, inside.get(node.id) ?? []),
  }
}

/** Ids of the nodes that stand below a group, a retry or the step whose hook they are, not directly in their boundary. */
function ownedBy(nodes: Nodes): ReadonlySet<string> {
  const owned = new Set<string>()
  for (const node of Object.values(nodes)) {
    if (!node.children?.length) continue
    for (const member of members(node, nodes)) owned.add(member.id)
  }
  return owned
}

/**
 * The children that belong to a node. Upstream also lists what merely comes next: the group after an empty group, the
 * tasks after an empty loop. A member's name says that it is one.
 */
function members(node: NodeStatus, nodes: Nodes): readonly NodeStatus[] {
  const isMember = membership[node.type] ?? isHookOf
  const found: NodeStatus[] = []
  for (const id of node.children ?? []) {
    const child = nodes[id]
    if (child && isMember(node, child)) found.push(child)
  }
  return found
}

const isHookOf = (node: NodeStatus, child: NodeStatus) =>
  child.nodeFlag?.hooked === true && child.name.startsWith(`${node.name}.`)
const isItemOf = (node: NodeStatus, child: NodeStatus) =>
  child.name.startsWith(`${node.name}(`) || isHookOf(node, child)

const membership: Partial<
  Record<NodeStatus['type'], (node: NodeStatus, child: NodeStatus) => boolean>
> = {
  StepGroup: (node, child) => child.name.startsWith(`${node.name}.`),
  TaskGroup: isItemOf,
  Retry: isItemOf,
}

function below(
  node: NodeStatus,
  nodes: Nodes,
  inside: readonly NodeStatus[],
): readonly (readonly NodeStatus[])[] {
  const groups = inside.filter((one) => one.type === 'StepGroup').sort(byGroupNumber)
  const steps = groups.map((group) => visible(members(group, nodes)))
  const tasks = inside.filter((one) => one.type !== 'StepGroup' && one.type !== 'Container')
  const others = [...visible(tasks.flatMap((task) => expanded(task, nodes)))]
  others.push(...visible(members(node, nodes)))
  return [...steps, others].filter((list) => list.length > 0)
}

/** A loop in a DAG is not drawn itself: its items are. */
function expanded(task: NodeStatus, nodes: Nodes): readonly NodeStatus[] {
  return task.type === 'TaskGroup' ? members(task, nodes) : [task]
}

const hidden: ReadonlySet<NodePhase | undefined> = new Set(['Omitted'])

function visible(nodes: readonly NodeStatus[]): readonly NodeStatus[] {
  return nodes.filter((node) => !hidden.has(node.phase))
}

function byGroupNumber(a: NodeStatus, b: NodeStatus): number {
  return groupNumber(a) - groupNumber(b)
}

function groupNumber(group: NodeStatus): number {
  return Number(/\[(\d+)\]$/.exec(group.name)?.[1] ?? 0)
}

function push(map: Map<string, NodeStatus[]>, key: string, node: NodeStatus): void {
  const list = map.get(key)
  if (list) list.push(node)
  else map.set(key, [node])
}
