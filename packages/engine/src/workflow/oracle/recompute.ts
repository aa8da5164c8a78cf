import type { Pod } from '../../spec/pod.ts'
import type { WorkflowTaskResult } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { effectiveSpec, templateLabelOf } from '../effective-spec.ts'
import { globalScope } from '../globals.ts'
import { Scope } from '../scope.ts'
import { Templates } from '../templates.ts'
import { withGlobals } from '../with-globals.ts'
import type { World } from '../world.ts'
import { Board } from './board.ts'
import type { LockSnapshot } from './lock-book.ts'
import { Pass, type Recomputed } from './pass.ts'
import { execute } from './tree.ts'

const completedLabel = 'workflows.argoproj.io/completed'

/**
 * The oracle: what one pass must lead to, worked out from nothing but what is persisted and the pods. Slow and plain:
 * it walks the whole tree again and again until nothing moves, and counts by looking at every node.
 */
export function recompute(input: {
  readonly workflow: Workflow
  readonly pods: readonly Pod[]
  readonly results: readonly WorkflowTaskResult[]
  readonly world: World
  readonly now: number
  /** As they were before anything was decided. */
  readonly locks?: LockSnapshot
}): Recomputed {
  const { workflow, now, world } = input
  if (isOver(workflow)) {
    return { workflow, create: [], stop: [], remember: [], metrics: [], wakeAt: undefined }
  }
  const effective = effectiveSpec(workflow, world)
  const merged = 'problem' in effective ? workflow.spec : effective.spec
  const globals = globalScope(workflow, merged, world)
  const scope = 'problem' in globals ? new Scope() : globals.scope
  const spec = withGlobals(merged, scope)
  const board = new Board(
    {
      workflow,
      spec,
      templates: new Templates({ workflow, spec, world }),
      globals: scope,
      pods: new Map(input.pods.map((pod) => [pod.metadata.name ?? '', pod])),
      results: new Map(input.results.map((result) => [result.metadata.name ?? '', result])),
      world,
      now,
      locks: input.locks,
    },
    execute,
  )
  const pass = new Pass(board, 'problem' in effective ? {} : templateLabelOf(workflow))
  if ('problem' in effective) pass.finish('Error', effective.problem)
  else if ('problem' in globals) {
    pass.finish('Failed', `failed to set global parameters: ${globals.problem}`)
  } else pass.run()
  return pass.result('stored' in effective ? effective.stored : undefined)
}

function isOver({ metadata }: Workflow): boolean {
  return metadata.labels?.[completedLabel] === 'true'
}
