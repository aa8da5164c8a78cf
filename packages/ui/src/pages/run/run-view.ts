import type { Nodes } from '../../graph/owners.ts'

/** What every view of a run's steps is given. */
export interface RunViewProps {
  readonly nodes: Nodes
  readonly selected: string | undefined
  readonly select: (id: string | undefined) => void
  readonly now: number
}
