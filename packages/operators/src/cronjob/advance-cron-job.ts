import {
  formatTime,
  type JsonObject,
  type KubeObject,
  nextFire,
  parseSchedule,
  parseTime,
  type Schedule,
  timezoneProblem,
} from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  controlledBy,
  createdAt,
  type Decided,
  type Effect,
  hasCondition,
  removal,
  statusEffect,
} from '@argosy/kube/workload'
import type { CronJob, CronRun } from './cron-job.ts'
import { lastDue } from './last-due.ts'

/** What a CronJob does next. `jobs` are all that are its own. */
export function advanceCronJob(cron: CronJob, jobs: readonly CronRun[], now: number): Decided {
  const active = jobs.filter((job) => !hasEnded(job))
  const tidy = [...history(cron, jobs)]
  const status = (more: JsonObject = {}) =>
    statusEffect(resources.cronJobs, cron, { ...statusOf(cron, jobs, active), ...more })
  const read = scheduleOf(cron)
  if ('error' in read) {
    const message = `unparseable schedule: "${cron.spec.schedule}" : ${read.error}`
    return { effects: [...status(), ...tidy, warn('UnparseableSchedule', message)] }
  }
  if (cron.spec.suspend || cron.metadata.deletionTimestamp !== undefined)
    return { effects: [...status(), ...tidy] }
  const wakeAt = nextFire(read.schedule, now, sinceOf(cron))
  const due = lastDue(read.schedule, earliest(cron, now), now)
  if (due === undefined || jobs.some(({ metadata }) => metadata.name === nameOf(cron, due)))
    return { effects: [...status(due ? scheduledAt(cron, due) : {}), ...tidy], wakeAt }
  if (cron.spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message =
      'Not starting job because prior execution is running and concurrency policy is Forbid'
    const said: Effect = { do: 'event', type: 'Normal', reason: 'JobAlreadyActive', message }
    return { effects: [...status(), ...tidy, said], wakeAt }
  }
  const replaced = cron.spec.concurrencyPolicy === 'Replace' ? active.map(removed) : []
  const start: Effect = { do: 'create', resource: resources.jobs, object: jobOf(cron, due) }
  return { effects: [...replaced, start, ...status(scheduledAt(cron, due)), ...tidy], wakeAt }
}

function scheduleOf({
  spec,
}: CronJob): { readonly schedule: Schedule } | { readonly error: string } {
  const { schedule, timeZone } = spec
  if (/TZ=/.test(schedule)) return { error: 'use spec.timeZone instead of TZ or CRON_TZ' }
  if (timeZone === undefined) return parseSchedule(schedule)
  const problem = timezoneProblem(timeZone)
  if (problem !== undefined) return { error: `spec.timeZone: ${problem}` }
  return parseSchedule(`TZ=${timeZone} ${schedule}`)
}

function warn(reason: string, message: string): Effect {
  return { do: 'event', type: 'Warning', reason, message }
}

/** Times before this are settled. */
function sinceOf(cron: CronJob): number {
  return parseTime(cron.status?.lastScheduleTime ?? '') ?? createdAt(cron)
}

/** What is older than startingDeadlineSeconds is not made up for. */
function earliest(cron: CronJob, now: number): number {
  const { startingDeadlineSeconds: seconds } = cron.spec
  const since = sinceOf(cron)
  return seconds === undefined ? since : Math.max(since, now - seconds * 1000)
}

/** Named for its minute: whoever starts it twice starts it once. */
function nameOf({ metadata }: CronJob, due: number): string {
  return `${metadata.name}-${Math.floor(due / 60_000)}`
}

function jobOf(cron: CronJob, due: number): KubeObject {
  const { metadata, spec } = cron.spec.jobTemplate
  const { labels, annotations } = metadata ?? {}
  const { namespace } = cron.metadata
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: nameOf(cron, due),
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      annotations: {
        ...annotations,
        'batch.kubernetes.io/cronjob-scheduled-timestamp': formatTime(due),
      },
      ownerReferences: [controlledBy(cron)],
    },
    spec,
  } as KubeObject
}

function scheduledAt(cron: CronJob, due: number): JsonObject {
  const before = parseTime(cron.status?.lastScheduleTime ?? '') ?? 0
  return due > before ? { lastScheduleTime: formatTime(due) } : {}
}

function hasEnded({ status }: CronRun): boolean {
  return hasCondition(status?.conditions, 'Complete') || hasCondition(status?.conditions, 'Failed')
}

function removed(job: CronRun): Effect {
  return removal(resources.jobs, job, { propagationPolicy: 'Background' })
}

/** Finished ones beyond the limits, the oldest first. */
function* history({ spec }: CronJob, jobs: readonly CronRun[]): Iterable<Effect> {
  const limits = [
    ['Complete', spec.successfulJobsHistoryLimit ?? 3],
    ['Failed', spec.failedJobsHistoryLimit ?? 1],
  ] as const
  for (const [type, limit] of limits) {
    const ended = jobs
      .filter(({ status }) => hasCondition(status?.conditions, type))
      .sort((a, b) => createdAt(a) - createdAt(b))
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) yield removed(job)
  }
}

function statusOf(cron: CronJob, jobs: readonly CronRun[], active: readonly CronRun[]): JsonObject {
  const successes = jobs.flatMap(({ status }) => status?.completionTime ?? [])
  const last = [...successes, cron.status?.lastSuccessfulTime ?? ''].sort().at(-1)
  const references = active.map(({ metadata }) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
  }))
  const known = (cron.status?.active ?? []).map((one) => [one['uid'], one] as const)
  const before = new Map(known)
  return {
    active: references.length === 0 ? null : references.map((one) => before.get(one.uid) ?? one),
    ...(last ? { lastSuccessfulTime: last } : {}),
  }
}
