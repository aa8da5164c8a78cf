import type { Workflow } from '@argosy/engine'

/** Groups of workflows, in their order, each of which is kept in some milliseconds: many small ones, or few large ones. */
export function bites(workflows: readonly Workflow[]): readonly (readonly Workflow[])[] {
  const groups: Workflow[][] = []
  let left = 0
  for (const workflow of workflows) {
    const weight = runWeight + Object.keys(workflow.status?.nodes ?? {}).length
    if (left < weight || groups.length === 0) {
      groups.push([])
      left = most
    }
    groups.at(-1)?.push(workflow)
    left -= weight
  }
  return groups
}

/** What a run costs beside its nodes, in nodes. */
const runWeight = 10
const most = 500
