import { expect, test } from 'vitest'
import { workflowOfCron } from './workflow-of-cron.ts'

const scheduledTime = '2026-01-01T11:00:00Z'

test('a workflow has what workflowMetadata gives it, beside what says where it is from', () => {
  const workflowMetadata = {
    ...{ labels: { l: '1' }, annotations: { a: '2' }, finalizers: ['example.com/f'] },
  }
  const cron = {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'CronWorkflow', metadata: { name: 'c' } },
    spec: { schedules: ['0 * * * *'], workflowSpec: { entrypoint: 'e' }, workflowMetadata },
  }
  const { metadata } = workflowOfCron(cron, { metadata: { name: 'c-1' }, scheduledTime })
  expect(metadata).toMatchObject({
    name: 'c-1',
    labels: { 'workflows.argoproj.io/cron-workflow': 'c', l: '1' },
    annotations: { 'workflows.argoproj.io/scheduled-time': scheduledTime, a: '2' },
    finalizers: ['example.com/f'],
  })
})
