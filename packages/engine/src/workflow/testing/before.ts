import type { Pod } from '../../spec/pod.ts'
import type { WorkflowTaskResult } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'
import type { LockSnapshot } from '../oracle/lock-book.ts'
import type { World } from '../world.ts'

/** What one pass started from. */
export interface Before {
  readonly workflow: Workflow
  readonly pods: readonly Pod[]
  readonly results: readonly WorkflowTaskResult[]
  readonly world: World
  readonly now: number
  readonly locks: LockSnapshot
}
