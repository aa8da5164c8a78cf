import type { CronWorkflow, Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { nextDue, thinned, ticksOf } from './ticks.ts'

const hour = 3_600_000
const start = Date.parse('2026-01-01T00:00:00Z')
const cron = (more: object = {}) =>
  ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { name: 'c', creationTimestamp: '2026-01-01T01:30:00Z' },
    spec: { schedules: ['0 * * * *'], workflowSpec: {}, ...more },
  }) as CronWorkflow
const run = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: {
    name: 'c-1',
    annotations: { 'workflows.argoproj.io/scheduled-time': '2026-01-01T02:00:00Z' },
  },
  spec: {},
  status: { phase: 'Failed' },
} as Workflow

test('a tick is what became of it: nothing yet, a run, missed, due', () => {
  const span = { from: start, to: start + 4 * hour, now: start + 3.5 * hour }
  expect(ticksOf(cron(), [run], span).map(({ state }) => state)).toEqual([
    'before',
    'Failed',
    'missed',
    'due',
  ])
})

test('a tick that was taken and whose run is no longer kept is not called missed', () => {
  const status = { lastScheduledTime: '2026-01-01T03:00:00Z' }
  const span = { from: start + 2.5 * hour, to: start + 4.5 * hour, now: start + 4.5 * hour }
  const states = ticksOf({ ...cron(), status }, [], span).map(({ state }) => state)
  expect(states).toEqual(['gone', 'missed'])
})

test('several schedules that fall together are one tick', () => {
  const span = { from: start, to: start + hour, now: start }
  expect(ticksOf(cron({ schedules: ['0 * * * *', '*/30 * * * *'] }), [], span)).toHaveLength(2)
})

test('a schedule that cannot be read has no ticks', () => {
  expect(ticksOf(cron({ schedules: ['nonsense'] }), [], { from: 0, to: hour, now: 0 })).toEqual([])
})

test('it is due next by its own time zone, and never while it is suspended', () => {
  const berlin = cron({ schedules: ['30 2 * * *'], timezone: 'Europe/Berlin' })
  expect(nextDue(berlin, start)).toBe(Date.parse('2026-01-01T01:30:00Z'))
  expect(nextDue(cron({ suspend: true }), start)).toBeUndefined()
})

test('among ticks whose runs are kept, one without a run was missed', () => {
  const ran = (at: string, phase: 'Succeeded' | 'Failed') => ({
    ...run,
    metadata: { name: at, annotations: { 'workflows.argoproj.io/scheduled-time': at } },
    status: { phase },
  })
  const runs = [
    ran('2026-01-01T02:00:00Z', 'Failed'),
    ran('2026-01-01T04:00:00Z', 'Succeeded'),
    ran('2026-01-01T06:00:00Z', 'Succeeded'),
    ran('2026-01-01T07:00:00Z', 'Succeeded'),
  ]
  const status = { lastScheduledTime: '2026-01-01T07:00:00Z' }
  const span = { from: start + 1.5 * hour, to: start + 7 * hour, now: start + 7.5 * hour }
  const states = (some: readonly Workflow[]) =>
    ticksOf({ ...cron(), status }, some, span).map(({ state }) => state)
  // Before the third of three good ones, others may have been deleted.
  expect(states(runs)).toEqual(['Failed', 'gone', 'Succeeded', 'missed', 'Succeeded', 'Succeeded'])
  expect(states(runs.slice(0, 3))).toEqual([
    'Failed',
    'gone',
    'Succeeded',
    'gone',
    'Succeeded',
    'gone',
  ])
})

test('what a suspended schedule did not take was not missed', () => {
  const span = { from: start + 1.5 * hour, to: start + 2 * hour, now: start + 3 * hour }
  expect(ticksOf(cron({ suspend: true }), [], span)[0]?.state).toBe('paused')
})

test('ticks that stand on one another are one, but for those with a run', () => {
  const ticks = [0, 1, 2, 3, 4, 5].map((at) => ({ at, state: 'due' as const }))
  expect(thinned(ticks, 3).map(({ at }) => at)).toEqual([0, 3])
  const made = { at: 1, state: 'Succeeded' as const, run: 'a' }
  const missed = { at: 2, state: 'missed' as const }
  expect(thinned([...ticks.slice(0, 1), made, missed, ...ticks.slice(3)], 9)).toEqual([
    ...[ticks[0], made, missed, ticks[3]],
  ])
})
