import type { DagTask } from '../../spec/workflow.ts'
import type { Ancestry } from '../ancestry.ts'
import type { Graph } from './graph.ts'
import type { TemplateCheck } from './template-check.ts'

/** A dag template as it is being looked at. */
export interface Dag extends TemplateCheck {
  readonly tasks: readonly DagTask[]
  readonly byName: ReadonlyMap<string, DagTask>
  /** Some task has `depends`: then none may have `dependencies`. */
  readonly usesDepends: boolean
  readonly graph: Graph
  readonly ancestry: Ancestry
}
