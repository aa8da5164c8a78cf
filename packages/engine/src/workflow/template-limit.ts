import type { Template } from '../spec/workflow.ts'
import { Limiter } from './limiter.ts'
import type { NodeRecord } from './nodes.ts'

/** argo: the message of nodes that failFast ends. */
export const failFastMessage = 'template has failed or errored children and failFast enabled'

/** The places below one steps or dag node: its parallelism, and none at all once failFast has struck. */
export function templateLimiter(template: Template, record: NodeRecord): Limiter {
  const { parallelism, failFast } = template
  return new Limiter(() => {
    if (failFast === true && record.unsuccessful > 0) return true
    return parallelism !== undefined && record.activeChildren >= parallelism
  })
}
