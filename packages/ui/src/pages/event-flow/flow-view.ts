import type { Workflow } from '@argosy/engine'
import type { Flow } from '../../graph/flow.ts'
import type { FlowShape } from '../../graph/flow-shape.ts'

/** What every part of the page is given. */
export interface FlowView {
  readonly flow: Flow
  readonly shapes: ReadonlyMap<string, FlowShape>
  /** The newest first, by the box of what made them. */
  readonly runs: ReadonlyMap<string, readonly Workflow[]>
  readonly select: (id: string | undefined) => void
  readonly now: number
}
