import { type Pod, parseTime } from '@argosy/engine'
import { hasCondition } from '@argosy/kube/workload'
import type { Job } from './job.ts'
import type { Tally } from './tally.ts'

/** Why a job goes no further. */
export interface Ending {
  readonly type: 'Complete' | 'Failed'
  readonly reason: string
  readonly message: string
}

/** Whether a job is over, though some of its pods may still be about. */
export function endingOf(job: Job, tally: Tally, now: number): Ending | undefined {
  const begun = begunEnding(job)
  if (begun) return begun
  const failed = (reason: string, message: string): Ending => ({ type: 'Failed', reason, message })
  if (tally.verdict !== undefined) return failed('PodFailurePolicy', tally.verdict)
  if (isBeyondBackoff(job, tally))
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  const deadline = deadlineOf(job)
  if (deadline !== undefined && deadline <= now)
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline')
  if (!isComplete(job, tally)) return undefined
  const message = 'Reached expected number of succeeded pods'
  return { type: 'Complete', reason: 'CompletionsReached', message }
}

/** What was decided before: it is not taken back. */
function begunEnding({ status }: Job): Ending | undefined {
  const { conditions = [] } = status ?? {}
  for (const [target, type] of targets) {
    if (!hasCondition(conditions, target)) continue
    const { reason = '', message = '' } = conditions.find((one) => one.type === target) ?? {}
    return { type, reason, message }
  }
  return undefined
}

const targets = [
  ['FailureTarget', 'Failed'],
  ['SuccessCriteriaMet', 'Complete'],
] as const

/** The condition that says so before the last pod is gone. */
export function targetOf(type: Ending['type']): string {
  return type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet'
}

function isBeyondBackoff({ spec }: Job, { failed, active }: Tally): boolean {
  const { backoffLimit = 6, template } = spec
  if (failed > backoffLimit) return true
  if (template.spec.restartPolicy !== 'OnFailure') return false
  const restarts = active.reduce((sum, pod) => sum + restartsOf(pod), 0)
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit
}

function restartsOf({ status }: Pod): number {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return all.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0)
}

/** When activeDeadlineSeconds are over. */
export function deadlineOf({ spec, status }: Job): number | undefined {
  const { activeDeadlineSeconds: seconds, suspend } = spec
  const started = parseTime(status?.startTime ?? '')
  if (seconds === undefined || started === undefined || suspend) return undefined
  return started + seconds * 1000
}

function isComplete({ spec }: Job, { succeeded, active }: Tally): boolean {
  if (spec.completions !== undefined) return succeeded >= spec.completions
  return succeeded > 0 && active.length === 0
}
