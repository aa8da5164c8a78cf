import { parseDuration } from '../spec/duration.ts'
import type { NodeStatus } from '../spec/status.ts'

/** What a node says that has reached the `timeout` or the `pendingTimeout` of its template. */
export const timeoutMessage = 'timeout'

/** What makes an error of a workflow whose own template, or exit handler, has reached its timeout. */
export function timeoutOf(status: NodeStatus | undefined): string | undefined {
  return status !== undefined && hasTimedOut(status) ? timeoutMessage : undefined
}

/**
 * Whether a step has reached its timeout: that fails its group by itself, whatever the step may continue on.
 * argo: executeStepGroup on ErrTimeout, which executeTemplate gives for a node that waits, not for an attempt of one.
 */
export function hasTimedOut({
  type,
  phase,
  message,
  nodeFlag,
}: Pick<NodeStatus, 'type' | 'phase' | 'message' | 'nodeFlag'>): boolean {
  const waits = type === 'Pod' || type === 'HTTP' || type === 'Plugin'
  return waits && phase === 'Failed' && message === timeoutMessage && nodeFlag?.retried !== true
}

/** A `timeout` or `pendingTimeout` in milliseconds. argo: getTimeoutAsDeadline. */
export function timeoutMs(text: string): { readonly ms: number } | { readonly problem: string } {
  const parsed = parseDuration(text)
  if (!('error' in parsed)) return { ms: parsed.ms }
  const problem = `invalid timeout format unable to parse ${text} as a duration: ${parsed.error}`
  return { problem }
}
