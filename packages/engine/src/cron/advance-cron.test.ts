import { describe, expect, test } from 'vitest'
import { formatTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import { type CronDecision, submissionFailed } from './advance-cron.ts'
import { at, cronOf, look, made, statusOf, used } from './cron.fixture.ts'

function child(time: string, phase: string, finished = time): Workflow {
  const tick = at(time)
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name: `c-${tick / 1000}`,
      namespace: 'n',
      uid: `uid-${time}`,
      resourceVersion: '7',
      labels: { 'workflows.argoproj.io/cron-workflow': 'c' },
      annotations: { 'workflows.argoproj.io/scheduled-time': formatTime(tick) },
      ownerReferences: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'CronWorkflow',
          name: 'c',
          uid: 'u',
          controller: true,
        },
      ],
    },
    spec: {},
    status: {
      phase: phase as 'Running',
      ...(phase !== 'Running' && { finishedAt: formatTime(at(finished)) }),
    },
  }
}

const reference = (time: string) => ({
  kind: 'Workflow',
  apiVersion: 'argoproj.io/v1alpha1',
  name: `c-${at(time) / 1000}`,
  namespace: 'n',
  uid: `uid-${time}`,
  resourceVersion: '7',
})

const wake = ({ wakeAt }: CronDecision) => wakeAt && formatTime(wakeAt).slice(11, 19)

describe('ticks', () => {
  test('before the first one nothing happens', () => {
    const decision = look(cronOf(), { now: '10:20:00' })
    expect(decision).toMatchObject({ patch: undefined, create: [], terminate: [], remove: [] })
    expect(wake(decision)).toBe('11:00:00')
  })

  test('a due one makes a workflow with its name, owner and time', () => {
    const decision = look(cronOf(), { now: '11:00:00.004', since: '10:20:00' })
    expect(decision.create).toEqual([
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: {
          name: `c-${at('11:00:00') / 1000}`,
          namespace: 'n',
          labels: {
            'workflows.argoproj.io/creator': 'ann',
            'workflows.argoproj.io/cron-workflow': 'c',
          },
          annotations: { 'workflows.argoproj.io/scheduled-time': '2026-01-01T11:00:00Z' },
          ownerReferences: [
            {
              apiVersion: 'argoproj.io/v1alpha1',
              kind: 'CronWorkflow',
              name: 'c',
              uid: 'u',
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        spec: { entrypoint: 'e' },
      },
    ])
    expect(wake(decision)).toBe('12:00:00')
  })

  test('one that has its workflow already makes none', () => {
    const workflows = [child('11:00:00', 'Running')]
    expect(made(look(cronOf(), { now: '11:00:00', since: '10:20:00', workflows }))).toEqual([])
  })

  test.each([
    ['the first of what was slept through', ['*/10 * * * *'], '10:05:00', '10:55:00', ['10:10:00']],
    [
      'each schedule its own',
      ['0 * * * *', '*/30 * * * *'],
      '10:20:00',
      '11:00:00',
      ['10:30:00', '11:00:00'],
    ],
    [
      'two schedules at one time are one run',
      ['0 * * * *', '0 11 * * *'],
      '10:20:00',
      '11:00:00',
      ['11:00:00'],
    ],
    ['a pause counts from the creation', ['@every 7m'], '00:07:00', '00:07:30', ['00:07:30']],
  ])('%s', (_, schedules, since, now, expected) => {
    expect(made(look(cronOf({ schedules }), { now, since }))).toEqual(expected)
  })

  test('in the time zone of the schedule', () => {
    const cron = cronOf({ schedules: ['0 9 * * *'], timezone: 'Asia/Tokyo' })
    expect(wake(look(cron, { now: '10:00:00' }))).toBe('00:00:00')
  })
})

describe('ticks that were missed', () => {
  const status = { lastScheduledTime: '2026-01-01T08:00:00Z' }

  test.each([
    ['are lost without a deadline', {}, status, '10:00:10', []],
    [
      'are made up for in time, the last one only',
      { startingDeadlineSeconds: 60 },
      status,
      '10:00:10',
      ['10:00:00'],
    ],
    ['are lost when it is too late', { startingDeadlineSeconds: 60 }, status, '10:01:00', []],
    ['do not count before the first run', { startingDeadlineSeconds: 60 }, {}, '10:00:10', []],
  ])('%s', (_, spec, before, now, expected) => {
    expect(made(look(cronOf(spec, before), { now }))).toEqual(expected)
  })

  test('are lost when the schedule is another one', () => {
    const cron = cronOf({ startingDeadlineSeconds: 60 }, status)
    const metadata = { ...cron.metadata, annotations: { [used]: '5 * * * *' } }
    expect(made(look({ ...cron, metadata }, { now: '10:00:10' }))).toEqual([])
  })

  test('one that failed to run is not tried again and again', () => {
    const cron = cronOf({ startingDeadlineSeconds: 60 }, status)
    expect(made(look(cron, { now: '10:00:20', since: '10:00:10', tried: '10:00:00' }))).toEqual([])
  })

  test('one that stood back for another is made up for when that has ended', () => {
    const spec = { startingDeadlineSeconds: 600, concurrencyPolicy: 'Forbid' }
    const active = { ...status, active: [reference('08:00:00')] }
    const first = look(cronOf(spec, active), {
      now: '10:00:00',
      since: '09:59:00',
      workflows: [child('08:00:00', 'Running')],
    })
    expect(made(first)).toEqual([])
    const second = look(cronOf(spec, active), {
      now: '10:05:00',
      since: '10:00:00',
      workflows: [child('08:00:00', 'Succeeded', '10:04:59')],
    })
    expect(made(second)).toEqual(['10:00:00'])
  })
})

describe('who may run', () => {
  const due = { now: '11:00:00', since: '10:20:00' }
  const running = { ...due, workflows: [child('10:00:00', 'Running')] }
  const last = { lastScheduledTime: '2026-01-01T10:00:00Z' }

  test.each([
    ['Allow runs beside others', { concurrencyPolicy: 'Allow' }, running, ['11:00:00'], []],
    ['Forbid waits for them', { concurrencyPolicy: 'Forbid' }, running, [], []],
    ['Forbid runs alone', { concurrencyPolicy: 'Forbid' }, due, ['11:00:00'], []],
    ['Replace ends them', { concurrencyPolicy: 'Replace' }, running, ['11:00:00'], ['10:00:00']],
    ['suspended ones do not', { suspend: true }, due, [], []],
    ['a when that is true', { when: '{{cronworkflow.failed}} < 1' }, due, ['11:00:00'], []],
    ['a when that is false', { when: '{{= cronworkflow.failed > 0 }}' }, due, [], []],
    [
      'a when about the time since the last run',
      {
        when: '{{= cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Seconds() > 3600 }}',
      },
      due,
      [],
      [],
    ],
    [
      'the same, when it was long ago',
      {
        when: '{{= cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Seconds() >= 3600 }}',
      },
      due,
      ['11:00:00'],
      [],
    ],
  ])('%s', (_, spec, situation, expected, terminated) => {
    const decision = look(cronOf(spec, last), situation)
    expect(made(decision)).toEqual(expected)
    expect(decision.terminate).toEqual(terminated.map((time) => `c-${at(time) / 1000}`))
  })

  test('a when that cannot be evaluated is a submission that failed, once', () => {
    const decision = look(cronOf({ when: 'nonsense(' }, last), due)
    expect(made(decision)).toEqual([])
    expect(statusOf(decision)?.failed).toBe(1)
    expect(statusOf(decision)?.conditions?.[0]).toMatchObject({
      type: 'SubmissionError',
      status: 'True',
      message: expect.stringMatching(/^run policy error: /),
    })
    expect(decision.memory.triedUntil).toBe(at('11:00:00'))
  })

  test('nothing runs while the spec is wrong, and it is said once', () => {
    const decision = look(cronOf(), { ...due, problem: 'bad' })
    expect(made(decision)).toEqual([])
    expect(decision.wakeAt).toBe(undefined)
    const conditions = [{ type: 'SpecError', status: 'True' as const, message: 'bad' }]
    expect(statusOf(decision)?.conditions).toEqual(conditions)
    expect(look(cronOf({}, { conditions }), { ...due, problem: 'bad' }).patch).toBe(undefined)
    expect(statusOf(look(cronOf({}, { conditions }), { now: '10:20:00' }))?.conditions).toBe(null)
  })

  test('a submission that was refused counts as failed', () => {
    expect(submissionFailed(cronOf({}, { failed: 2 }), 'no room')).toMatchObject({
      status: {
        failed: 3,
        conditions: [
          {
            type: 'SubmissionError',
            status: 'True',
            message: 'Failed to submit Workflow: no room',
          },
        ],
      },
    })
  })

  test('the schedule by which it ran is noted', () => {
    const cron = { ...cronOf({ timezone: 'UTC' }), metadata: { name: 'c', uid: 'u' } }
    expect(look(cron, due).patch).toMatchObject({
      metadata: { annotations: { [used]: 'CRON_TZ=UTC 0 * * * *' } },
    })
  })
})

describe('what became of the runs', () => {
  test('a new one is active, and the time of its tick is the last', () => {
    const workflows = [child('11:00:00', 'Running')]
    expect(statusOf(look(cronOf(), { now: '11:00:01', since: '11:00:00', workflows }))).toEqual({
      active: [reference('11:00:00')],
      conditions: null,
      failed: 0,
      lastScheduledTime: '2026-01-01T11:00:00Z',
      phase: 'Active',
      succeeded: 0,
    })
  })

  test.each([
    ['Succeeded', { succeeded: 3, failed: 1 }],
    ['Failed', { succeeded: 2, failed: 2 }],
    ['Error', { succeeded: 2, failed: 2 }],
  ])('one that ended %s is counted and active no more', (phase, counts) => {
    const status = {
      active: [reference('10:00:00')],
      succeeded: 2,
      failed: 1,
      lastScheduledTime: '2026-01-01T10:00:00Z',
    }
    const workflows = [child('10:00:00', phase)]
    const decision = look(cronOf({}, status), { now: '10:30:00', since: '10:20:00', workflows })
    expect(statusOf(decision)).toMatchObject({ active: null, ...counts })
  })

  test('one that began and ended while nobody looked is counted', () => {
    const workflows = [child('10:00:00', 'Succeeded')]
    const decision = look(cronOf(), { now: '10:30:00', workflows })
    expect(statusOf(decision)).toMatchObject({
      succeeded: 1,
      lastScheduledTime: '2026-01-01T10:00:00Z',
    })
  })

  test('one that was counted is not counted again', () => {
    const status = {
      succeeded: 1,
      failed: 0,
      phase: 'Active' as const,
      lastScheduledTime: '2026-01-01T10:00:00Z',
    }
    const workflows = [child('10:00:00', 'Succeeded')]
    expect(look(cronOf({}, status), { now: '10:30:00', workflows }).patch).toBe(undefined)
  })

  test('one that is gone is active no more', () => {
    const cron = cronOf({}, { active: [reference('10:00:00')] })
    expect(statusOf(look(cron, { now: '10:30:00' }))?.active).toBe(null)
  })

  test('it stops when its condition is true', () => {
    const spec = { stopStrategy: { expression: 'cronworkflow.failed >= 2' } }
    const status = { active: [reference('10:00:00')], failed: 1 }
    const workflows = [child('10:00:00', 'Failed')]
    const decision = look(cronOf(spec, status), { now: '10:30:00', since: '10:20:00', workflows })
    expect(decision.patch).toMatchObject({
      metadata: { labels: { 'cronworkflows.argoproj.io/completed': 'true' } },
      status: { phase: 'Stopped', failed: 2 },
    })
    expect(decision.wakeAt).toBe(undefined)
  })

  test('a condition that cannot be evaluated stops nothing but the run', () => {
    const spec = { stopStrategy: { expression: 'cronworkflow.' } }
    const decision = look(cronOf(spec), { now: '11:00:00', since: '10:20:00' })
    expect(made(decision)).toEqual([])
    expect(statusOf(decision)?.conditions?.[0]?.message).toMatch(
      /^failed to check CronWorkflow 'c' stopping condition: failed to evaluate stop expression: /,
    )
  })

  test.each([
    ['three good and one bad by default', {}, ['01:00:00', '05:00:00']],
    [
      'as many as it says',
      { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 },
      ['03:00:00', '02:00:00', '01:00:00', '06:00:00', '05:00:00'],
    ],
    [
      'less than none means the default',
      { successfulJobsHistoryLimit: -1 },
      ['01:00:00', '05:00:00'],
    ],
  ])('of the finished ones stay %s', (_, spec, removed) => {
    const good = ['01:00:00', '02:00:00', '03:00:00', '04:00:00'].map((time) =>
      child(time, 'Succeeded'),
    )
    const bad = ['05:00:00', '06:00:00'].map((time) => child(time, 'Failed'))
    const workflows = [...good, ...bad, child('07:00:00', 'Running')]
    const { remove } = look(cronOf(spec), { now: '10:30:00', workflows })
    expect(remove).toEqual(removed.map((time) => `c-${at(time) / 1000}`))
  })

  test('workflows of others are left alone', () => {
    const foreign = child('01:00:00', 'Failed')
    const metadata = { ...foreign.metadata, ownerReferences: [] }
    const workflows = [{ ...foreign, metadata }, child('02:00:00', 'Failed')]
    expect(
      look(cronOf({ failedJobsHistoryLimit: 0 }), { now: '10:30:00', workflows }).remove,
    ).toEqual([`c-${at('02:00:00') / 1000}`])
  })
})
