import type { NodeStatus } from '@argosy/engine'
import type { Nodes } from './owners.ts'

/** A node by its name; its id is its name. */
export function node(name: string, more: Partial<NodeStatus> = {}): NodeStatus {
  const displayName = name.slice(name.lastIndexOf('.') + 1)
  return { id: name, name, displayName, type: 'Pod', phase: 'Succeeded', ...more }
}

export function nodesOf(...list: readonly NodeStatus[]): Nodes {
  return Object.fromEntries(list.map((one) => [one.id, one]))
}

/** A loop of a DAG: `run` → `fetch` over `count` items → `last`; those of `failed` failed. */
export function loop(count: number, failed: readonly number[] = []): Nodes {
  const items = Array.from({ length: count }, (_, index) => `run.fetch(${index}:item-${index})`)
  return nodesOf(
    node('run', { type: 'DAG', phase: 'Running', children: ['run.fetch'] }),
    node('run.fetch', { type: 'TaskGroup', boundaryID: 'run', children: items }),
    ...items.map((name, index) =>
      node(name, {
        displayName: name.slice(4),
        boundaryID: 'run',
        phase: failed.includes(index) ? 'Failed' : 'Succeeded',
        children: ['run.last'],
      }),
    ),
    node('run.last', { boundaryID: 'run', phase: 'Pending' }),
  )
}
