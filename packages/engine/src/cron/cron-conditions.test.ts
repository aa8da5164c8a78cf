import { expect, test } from 'vitest'
import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import { stopCondition } from './cron-conditions.ts'
import { CronState } from './cron-state.ts'

function stops(metadata: Partial<CronWorkflow['metadata']>): unknown {
  return stopCondition(
    new CronState({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'CronWorkflow',
      metadata: { name: 'c', ...metadata },
      spec: {
        schedules: ['0 * * * *'],
        workflowSpec: {},
        stopStrategy: { expression: 'cronworkflow.annotations["mark"] == "on"' },
      },
    }),
  )
}

test('annotations are annotations', () => {
  expect(stops({ annotations: { mark: 'on' } })).toEqual({ value: true })
  expect(stops({ labels: { mark: 'on' } })).toEqual({ value: false })
})
