import { expect, test } from 'vitest'
import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import { parseTime } from '../spec/time.ts'
import { advanceCron } from './advance-cron.ts'

/** Asleep for ten years, and allowed to be that late. */
function cronOf(schedule: string): CronWorkflow {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: {
      ...{ name: 'c', namespace: 'n', uid: 'u', creationTimestamp: '2015-01-01T00:00:00Z' },
      annotations: { 'cronworkflows.argoproj.io/last-used-schedule': schedule },
    },
    spec: {
      schedules: [schedule],
      startingDeadlineSeconds: 400_000_000,
      workflowSpec: { entrypoint: 'e' },
    },
    status: { lastScheduledTime: '2016-01-01T00:00:00Z' },
  }
}

test.each([
  ['* * * * *', '2026-01-01T10:00:00Z'],
  ['30 9 * * *', '2026-01-01T09:30:00Z'],
  ['0-10 3 1 6 *', '2025-06-01T03:10:00Z'],
  ['0 0 29 2 *', '2024-02-29T00:00:00Z'],
])('of all that %s has missed in ten years the last is made up for', (schedule, expected) => {
  const now = parseTime('2026-01-01T10:00:30Z') ?? Number.NaN
  const { create } = advanceCron({ cron: cronOf(schedule), workflows: [], problems: [] }, now)
  const ticks = create.map(
    ({ metadata }) => metadata.annotations?.['workflows.argoproj.io/scheduled-time'],
  )
  expect(ticks).toEqual([expected])
})
