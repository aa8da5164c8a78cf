import type { Pod } from '../spec/pod.ts'
import type { WorkflowTaskResult } from '../spec/status.ts'
import type { Workflow } from '../spec/workflow.ts'
import type { Change, Decision } from './decision.ts'
import { Machine } from './machine.ts'
import type { World } from './world.ts'

/** A workflow in memory with the indexes that make a pass cost what changed. Opaque: only `advance` moves it. */
export interface Run {
  readonly workflow: Workflow
  /** How many nodes it has so far. */
  readonly size: number
}

/** Rebuilds a run from any persisted state: it then decides as one that lived through it (crash recovery). */
export function load(input: {
  readonly workflow: Workflow
  readonly pods: readonly Pod[]
  readonly results: readonly WorkflowTaskResult[]
  readonly world: World
}): Run {
  return new Machine(input)
}

/**
 * One pass: takes in what changed, moves `run` forward and says what to do. Cost follows the changes, not the size.
 * `now` is in milliseconds since 1970 and never runs backwards between passes of one run.
 */
export function advance(run: Run, changes: readonly Change[], now: number): Decision {
  if (!(run instanceof Machine)) throw new TypeError('not a run that load() has made')
  return run.advance(changes, now)
}
