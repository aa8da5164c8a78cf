import { formatTime, type JsonObject, type Pod, parseTime } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  type Condition,
  type Decided,
  type Effect,
  hasCondition,
  refOf,
  removal,
  statusEffect,
  withCondition,
} from '@argosy/kube/workload'
import { deadlineOf, type Ending, endingOf, targetOf } from './ending.ts'
import { writeIndexes } from './index-ranges.ts'
import { isIndexed, isTracked, type Job } from './job.ts'
import { newPods, podLabels } from './new-pods.ts'
import { release } from './release.ts'
import { type Tally, tally } from './tally.ts'

/** What a Job does next. `pods` are all that are its own. */
export function advanceJob(job: Job, pods: readonly Pod[], now: number): Decided {
  if (job.metadata.deletionTimestamp !== undefined)
    return { effects: release(pods.filter(isTracked)) }
  if (hasEnded(job)) return afterEnd(job, pods, now)
  const field = unsupportedField(job)
  if (field !== undefined) return refuse(job, field, now)
  const counts = tally(job, pods)
  const ending = endingOf(job, counts, now)
  const turn: Turn = { job, pods, counts, ending, now }
  const acts = ending ? stopAll(turn) : job.spec.suspend ? suspend(turn) : proceed(turn)
  return {
    effects: [
      ...selectorEffect(job),
      ...statusEffect(resources.jobs, job, statusOf(turn)),
      ...release(counts.release),
      ...acts.effects,
      ...announce(turn),
    ],
    wakeAt: earlier(acts.wakeAt, ending ? undefined : nextDeadline(job, now)),
  }
}

interface Turn {
  readonly job: Job
  readonly pods: readonly Pod[]
  readonly counts: Tally
  readonly ending: Ending | undefined
  readonly now: number
}

function hasEnded({ status }: Job): boolean {
  return hasCondition(status?.conditions, 'Complete') || hasCondition(status?.conditions, 'Failed')
}

function afterEnd(job: Job, pods: readonly Pod[], now: number): Decided {
  const effects = release(pods.filter(isTracked))
  const { ttlSecondsAfterFinished: ttl } = job.spec
  if (ttl === undefined) return { effects }
  const ends = (job.status?.conditions ?? [])
    .filter(({ type }) => type === 'Complete' || type === 'Failed')
    .map(({ lastTransitionTime }) => parseTime(lastTransitionTime ?? '') ?? now)
  const due = Math.max(...ends) + ttl * 1000
  if (due > now) return { effects, wakeAt: due }
  const gone = removal(resources.jobs, job, { propagationPolicy: 'Background' })
  return { effects: [...effects, gone] }
}

function unsupportedField({ spec }: Job): string | undefined {
  const names = ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const
  return names.find((name) => spec[name] !== undefined)
}

/** Nothing is ignored in silence: the job fails with the name of the field. */
function refuse(job: Job, field: string, now: number): Decided {
  const message = `spec.${field} is not supported: leave it out`
  const failed: Condition = { type: 'Failed', status: 'True', reason: 'NotSupported', message }
  const conditions = withCondition(job.status?.conditions ?? [], failed, now, 'lastProbeTime')
  return { effects: statusEffect(resources.jobs, job, { conditions } as unknown as JsonObject) }
}

/** The server of a real cluster does this when the job is created. */
function selectorEffect(job: Job): readonly Effect[] {
  const { selector, manualSelector, template } = job.spec
  if (selector !== undefined || manualSelector) return []
  const { uid = '' } = job.metadata
  const labels = { ...template.metadata?.labels, ...podLabels(job) }
  const spec = {
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    template: { metadata: { labels } },
  }
  return [{ do: 'patch', ref: refOf(resources.jobs, job), body: { spec } }]
}

function remove(pods: readonly Pod[]): readonly Effect[] {
  return pods.map((pod) => removal(resources.pods, pod))
}

function stopAll({ counts }: Turn): Decided {
  return { effects: remove(counts.active) }
}

/** What suspension and a smaller parallelism end counts as no failure. */
function suspend({ counts }: Turn): Decided {
  return { effects: [...release(counts.active), ...remove(counts.active)] }
}

function proceed({ job, pods, counts, now }: Turn): Decided {
  const wanted = wantedActive(job, counts)
  const waits =
    job.spec.podReplacementPolicy === 'Failed' || job.spec.podFailurePolicy !== undefined
  const running = counts.active.length + (waits ? counts.terminating : 0)
  if (counts.active.length > wanted) {
    const extra = [...counts.active].sort(leastReadyFirst).slice(0, counts.active.length - wanted)
    return { effects: [...release(extra), ...remove(extra)] }
  }
  if (running >= wanted) return { effects: [] }
  const ready = counts.lastFailureAt + backoff(counts.failuresInARow)
  if (ready > now) return { effects: [], wakeAt: ready }
  return { effects: newPods(job, pods, counts, wanted - running) }
}

function wantedActive({ spec }: Job, { succeeded, active }: Tally): number {
  const { completions, parallelism = 1 } = spec
  if (completions !== undefined) return Math.min(parallelism, completions - succeeded)
  return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism
}

function leastReadyFirst(a: Pod, b: Pod): number {
  const rank = ({ status }: Pod) => (status?.phase === 'Running' ? 1 : 0)
  return rank(a) - rank(b)
}

/** 10 s after the first failure in a row, doubling up to 10 min. */
function backoff(failures: number): number {
  return failures === 0 ? 0 : Math.min(10_000 * 2 ** (failures - 1), 600_000)
}

function statusOf(turn: Turn): JsonObject {
  const { job, counts, ending, now } = turn
  const isOver = ending !== undefined && isQuiet(counts)
  const isComplete = isOver && ending.type === 'Complete'
  const { completedIndexes, terminating } = counts
  return {
    ...numbersOf(turn),
    terminating,
    ...(isIndexed(job) && { completedIndexes: writeIndexes(completedIndexes) || null }),
    ...(isComplete && { completionTime: formatTime(now) }),
    uncountedTerminatedPods: uncountedOf(counts),
    conditions: conditionsOf({ job, ending, now }, isOver),
  } as unknown as JsonObject
}

function numbersOf({ job, counts, ending, now }: Turn): JsonObject {
  const isSuspended = job.spec.suspend === true && !ending
  const active = ending || isSuspended ? 0 : counts.active.length
  const { succeeded, failed } = counts.counted
  return {
    active: active || null,
    ready: active === 0 ? 0 : counts.ready,
    succeeded: succeeded || null,
    failed: failed || null,
    startTime: isSuspended ? null : (job.status?.startTime ?? formatTime(now)),
  }
}

function uncountedOf({ uncounted: { succeeded, failed } }: Tally): JsonObject {
  return { ...(succeeded.length > 0 && { succeeded }), ...(failed.length > 0 && { failed }) }
}

/** Every pod is at its end, and in the numbers. */
function isQuiet({ active, terminating, uncounted }: Tally): boolean {
  const open = uncounted.succeeded.length + uncounted.failed.length
  return active.length === 0 && terminating === 0 && open === 0
}

function conditionsOf(
  { job, ending, now }: Pick<Turn, 'job' | 'ending' | 'now'>,
  isOver: boolean,
): readonly Condition[] | null {
  const { conditions = [] } = job.status ?? {}
  const put = (list: readonly Condition[], one: Condition) =>
    withCondition(list, one, now, 'lastProbeTime')
  if (ending) {
    const { type, reason, message } = ending
    const target = put(conditions, { type: targetOf(type), status: 'True', reason, message })
    return isOver ? put(target, { type, status: 'True', reason, message }) : target
  }
  const suspended = (status: Condition['status'], reason: string, message: string) =>
    put(conditions, { type: 'Suspended', status, reason, message })
  if (job.spec.suspend) return suspended('True', 'JobSuspended', 'Job suspended')
  if (hasCondition(conditions, 'Suspended')) return suspended('False', 'JobResumed', 'Job resumed')
  return conditions.length === 0 ? null : conditions
}

function announce({ job, counts, ending }: Turn): readonly Effect[] {
  const said = job.status?.conditions
  if (ending && isQuiet(counts)) {
    if (ending.type === 'Complete')
      return [{ do: 'event', type: 'Normal', reason: 'Completed', message: 'Job completed' }]
    const { reason, message } = ending
    return [{ do: 'event', type: 'Warning', reason, message }]
  }
  const isSuspended = hasCondition(said, 'Suspended')
  if (ending || isSuspended === (job.spec.suspend ?? false)) return []
  const [reason, message] = isSuspended
    ? ['Resumed', 'Job resumed']
    : ['Suspended', 'Job suspended']
  return [{ do: 'event', type: 'Normal', reason, message }]
}

function nextDeadline(job: Job, now: number): number | undefined {
  const { startTime = formatTime(now) } = job.status ?? {}
  return deadlineOf({ ...job, status: { ...job.status, startTime } })
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}
