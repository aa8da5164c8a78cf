import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'

const holders: ReadonlySet<NodeStatus['type']> = new Set(['TaskGroup', 'Retry', 'StepGroup'])

/** A workflow's nodes with the way up from each. */
export class NodeTree {
  readonly root: NodeStatus | undefined
  readonly #nodes: Readonly<Record<string, NodeStatus>>
  readonly #parents = new Map<string, NodeStatus>()

  constructor({ metadata, status }: Workflow) {
    this.#nodes = status?.nodes ?? {}
    this.root = this.all().find(({ name }) => name === metadata.name)
    for (const node of this.all()) {
      for (const id of node.children ?? []) if (!this.#parents.has(id)) this.#parents.set(id, node)
    }
  }

  all(): readonly NodeStatus[] {
    return Object.values(this.#nodes)
  }

  /** The ids of everything around one of these. */
  holding(nodes: readonly NodeStatus[]): ReadonlySet<string> {
    return new Set(nodes.flatMap((node) => this.around(node).map(({ id }) => id)))
  }

  /** The groups, retries, steps and DAGs around a node, the nearest first. A task's predecessors are not around it. */
  around(node: NodeStatus): readonly NodeStatus[] {
    const found: NodeStatus[] = []
    const seen = new Set([node.id])
    for (
      let at: NodeStatus | undefined = this.#up(node);
      at && !seen.has(at.id);
      at = this.#up(at)
    ) {
      seen.add(at.id)
      found.push(at)
    }
    return found
  }

  /** A node and everything that belongs to it. */
  below(node: NodeStatus): readonly NodeStatus[] {
    const isInside = (one: NodeStatus) => this.around(one).some(({ id }) => id === node.id)
    return this.all().filter((one) => one.id === node.id || isInside(one))
  }

  /** By id, full name or displayed name; several items of a loop may share the last. */
  find(name: string): readonly NodeStatus[] {
    const exact = this.all().filter((node) => node.id === name || node.name === name)
    return exact.length > 0 ? exact : this.all().filter(({ displayName }) => displayName === name)
  }

  #up(node: NodeStatus): NodeStatus | undefined {
    const parent = this.#parents.get(node.id)
    // A parent may also be what went before; what a node is part of begins its name.
    if (parent && holders.has(parent.type) && node.name.startsWith(parent.name)) return parent
    return node.boundaryID === undefined ? undefined : this.#nodes[node.boundaryID]
  }
}
