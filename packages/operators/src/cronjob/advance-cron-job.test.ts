import { formatTime } from '@argosy/engine'
import type { Effect } from '@argosy/kube/workload'
import { describe, expect, it } from 'vitest'
import { advanceCronJob } from './advance-cron-job.ts'
import type { CronJob, CronRun } from './cron-job.ts'

const created = Date.UTC(2026, 0, 1, 10, 0, 30)
const minute = 60_000
const at = (minutes: number) => Date.UTC(2026, 0, 1, 10, minutes, 10)
const name = (minutes: number) => `c-${Math.floor(at(minutes) / minute)}`

interface Case {
  readonly it: string
  readonly minutes: number
  readonly spec?: Partial<CronJob['spec']>
  readonly status?: CronJob['status']
  /** Jobs by the minute of their schedule. */
  readonly jobs?: Readonly<Record<number, 'Complete' | 'Failed' | 'active'>>
  readonly want: readonly string[]
}

const scheduled = (minutes: number) => ({
  lastScheduleTime: formatTime(Math.floor(at(minutes) / minute) * minute),
})

const cases: readonly Case[] = [
  { it: 'before its first minute it waits', minutes: 0, want: [] },
  { it: 'due: the job bears the minute', minutes: 1, want: [`create ${name(1)}`, 'status'] },
  { it: 'a crash after that makes it once', minutes: 1, jobs: { 1: 'active' }, want: ['status'] },
  { it: 'of what was missed only the last', minutes: 50, want: [`create ${name(50)}`, 'status'] },
  {
    it: 'a deadline forgets what is too old',
    minutes: 50,
    spec: { schedule: '5 * * * *', startingDeadlineSeconds: 60 },
    want: [],
  },
  { it: 'suspended', minutes: 5, spec: { suspend: true }, want: [] },
  {
    it: 'Forbid waits',
    minutes: 2,
    spec: { concurrencyPolicy: 'Forbid' },
    status: scheduled(1),
    jobs: { 1: 'active' },
    want: ['status', 'event JobAlreadyActive'],
  },
  {
    it: 'Replace ends the one before',
    minutes: 2,
    spec: { concurrencyPolicy: 'Replace' },
    status: scheduled(1),
    jobs: { 1: 'active' },
    want: [`remove ${name(1)}`, `create ${name(2)}`, 'status'],
  },
  {
    it: 'history is limited',
    minutes: 6,
    spec: { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 },
    status: scheduled(6),
    jobs: { 1: 'Complete', 2: 'Failed', 3: 'Complete', 6: 'active' },
    want: ['status', `remove ${name(1)}`, `remove ${name(2)}`],
  },
  {
    it: 'a time zone',
    minutes: 1,
    spec: { schedule: '1 5 * * *', timeZone: 'America/New_York' },
    want: [`create ${name(1)}`, 'status'],
  },
  {
    it: 'a zone that is none',
    minutes: 1,
    spec: { timeZone: 'Atlantis' },
    want: ['event UnparseableSchedule'],
  },
  {
    it: 'a schedule that is none',
    minutes: 1,
    spec: { schedule: '* *' },
    want: ['event UnparseableSchedule'],
  },
]

describe('advanceCronJob', () => {
  it.each(cases)('$it', ({ minutes, want, ...one }) => {
    const decided = advanceCronJob(cronOf(one), jobsOf(one), at(minutes))
    expect(decided.effects.map(short)).toEqual(want)
  })

  it('after years of rest it looks at few times, and wakes for the next', () => {
    const now = at(0) + 5 * 365 * 86_400_000
    const { effects, wakeAt } = advanceCronJob(cronOf({}), [], now)
    expect(effects.map(short)).toEqual([`create c-${Math.floor(now / minute)}`, 'status'])
    expect(wakeAt).toBe((Math.floor(now / minute) + 1) * minute)
  })
})

function cronOf({ spec, status }: Pick<Case, 'spec' | 'status'>): CronJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'c', namespace: 'default', uid: 'u', creationTimestamp: formatTime(created) },
    spec: { schedule: '* * * * *', jobTemplate: { spec: {} }, ...spec },
    ...(status && { status }),
  }
}

function jobsOf({ jobs = {} }: Pick<Case, 'jobs'>): CronRun[] {
  return Object.entries(jobs).map(([minutes, state]) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: name(Number(minutes)), creationTimestamp: formatTime(at(Number(minutes))) },
    status: { conditions: state === 'active' ? [] : [{ type: state, status: 'True' as const }] },
  }))
}

function short(effect: Effect): string {
  if (effect.do === 'create') return `create ${effect.object.metadata.name}`
  if (effect.do === 'event') return `event ${effect.reason}`
  return effect.do === 'status' ? 'status' : `${effect.do} ${effect.ref.name}`
}
