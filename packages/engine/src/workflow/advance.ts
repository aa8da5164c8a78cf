import type { Pod } from '../spec/pod.ts'
import type { WorkflowTaskResult } from '../spec/status.ts'
import type { Workflow } from '../spec/workflow.ts'
import type { Change, Decision } from './decision.ts'
import type { World } from './world.ts'

/** A workflow in memory with the indexes that make a pass cost what changed. Opaque: only `advance` moves it. */
export interface Run {
  readonly workflow: Workflow
}

/** Rebuilds a run from any persisted state: it then decides as one that lived through it (crash recovery). */
export function load(_input: {
  readonly workflow: Workflow
  readonly pods: readonly Pod[]
  readonly results: readonly WorkflowTaskResult[]
  readonly world: World
}): Run {
  throw new Error('being written')
}

/** One pass: takes in what changed, moves `run` forward and says what to do. Cost follows the changes, not the size. */
export function advance(_run: Run, _changes: readonly Change[], _now: number): Decision {
  throw new Error('being written')
}
