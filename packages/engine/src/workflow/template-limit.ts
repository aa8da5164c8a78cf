import type { Template } from '../spec/workflow.ts'
import { Limiter } from './limiter.ts'
import type { NodeRecord } from './nodes.ts'
import type { RunState, Struck } from './run-state.ts'

/** argo: the message of nodes that failFast ends. */
export const failFastMessage = 'template has failed or errored children and failFast enabled'

/** The places below one steps or dag node: its parallelism, and none at all once failFast has struck. */
export function templateLimiter(
  run: RunState,
  { parallelism, failFast }: Template,
  record: NodeRecord,
  body: Struck,
): Limiter {
  const struck = () => failFast === true && record.unsuccessful > 0
  return new Limiter({
    limits: parallelism !== undefined || failFast === true,
    isFull: () => struck() || (parallelism !== undefined && record.activeChildren >= parallelism),
    freed: (limiter) => {
      if (struck()) run.whenQuiet(body)
      else run.open(limiter)
    },
  })
}
