import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'
import type { Refusal } from './refusal.ts'

/** One node between its one parent and its children. */
export interface TreeNode {
  readonly status: NodeStatus
  parent: TreeNode | undefined
  readonly children: TreeNode[]
}

export type Tree = ReadonlyMap<string, TreeNode>

/** The nodes as upstream's retry sees them: of several parents only the one with the greatest id counts. */
export function treeOf(workflow: Workflow): { readonly tree: Tree } | Refusal {
  const tree = new Map<string, TreeNode>()
  const statuses = Object.values(workflow.status?.nodes ?? {})
  for (const status of statuses.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    tree.set(status.id, { status, parent: undefined, children: [] })
  }
  const { name = '' } = workflow.metadata
  const refusal = join(tree) ?? orphanIn(tree, name)
  return refusal ?? { tree }
}

function join(tree: Tree): Refusal | undefined {
  for (const node of tree.values()) {
    for (const id of node.status.children ?? []) {
      const child = tree.get(id)
      if (child === undefined) return { refused: `couldn't obtain child ${id}` }
      child.parent = node
      node.children.push(child)
    }
  }
  return undefined
}

function orphanIn(tree: Tree, rootName: string): Refusal | undefined {
  for (const { status, parent } of tree.values()) {
    if (parent !== undefined || status.name === rootName) continue
    if (isOfExitHandler(status, rootName)) continue
    return { refused: `couldn't find parent node for ${status.id}` }
  }
  return undefined
}

/** Whether the node belongs to the exit handler of the workflow itself. */
export function isOfExitHandler({ name }: NodeStatus, workflowName: string): boolean {
  const handler = `${workflowName}.onExit`
  return name.startsWith(handler) && (name === handler || /[.[(]/.test(name[handler.length] ?? ''))
}

/** Everything below the node, each once. */
export function below(node: TreeNode): ReadonlySet<TreeNode> {
  const seen = new Set(node.children)
  for (const one of seen) for (const child of one.children) seen.add(child)
  return seen
}

/** All nodes that hang below the root, level by level. */
export function fromRoot(tree: Tree, rootName: string): readonly TreeNode[] {
  const root = [...tree.values()].find(({ status }) => status.name === rootName)
  return root === undefined ? [] : [root, ...below(root)]
}
