import { expect, test } from 'vitest'
import type { JsonObject } from '../../spec/json.ts'
import { convertLegacy } from './convert-legacy.ts'

const mutex = { name: 'm' }
const semaphore = { configMapKeyRef: { name: 'c', key: 'k' } }
const old = { synchronization: { mutex, semaphore } }
const current = { synchronization: { mutexes: [mutex], semaphores: [semaphore] } }

test.each<readonly [string, JsonObject, JsonObject]>([
  ['of a workflow', { kind: 'Workflow', spec: old }, { kind: 'Workflow', spec: current }],
  [
    'of templates, their defaults, and those that stand where they are used',
    {
      kind: 'WorkflowTemplate',
      spec: {
        templates: [
          { name: 'a', ...old },
          { name: 'b', steps: [[{ name: 's', inline: old }]] },
          { name: 'c', dag: { tasks: [{ name: 't', inline: old }], target: 't' } },
        ],
        templateDefaults: old,
      },
    },
    {
      kind: 'WorkflowTemplate',
      spec: {
        templates: [
          { name: 'a', ...current },
          { name: 'b', steps: [[{ name: 's', inline: current }]] },
          { name: 'c', dag: { tasks: [{ name: 't', inline: current }], target: 't' } },
        ],
        templateDefaults: current,
      },
    },
  ],
  [
    'of a schedule, whose old form wins',
    {
      kind: 'CronWorkflow',
      spec: { schedule: '* * * * *', schedules: ['@daily'], workflowSpec: old, suspend: true },
    },
    {
      kind: 'CronWorkflow',
      spec: { schedules: ['* * * * *'], workflowSpec: current, suspend: true },
    },
  ],
  [
    'beside new ones: they count too, and come last',
    {
      kind: 'ClusterWorkflowTemplate',
      spec: { synchronization: { mutexes: [{ name: 'n' }], mutex } },
    },
    {
      kind: 'ClusterWorkflowTemplate',
      spec: { synchronization: { mutexes: [{ name: 'n' }, mutex] } },
    },
  ],
])('the old forms %s become the new ones', (_, before, after) => {
  expect(convertLegacy(before)).toEqual(after)
  expect(convertLegacy(after)).toEqual(after)
})

test.each<JsonObject>([
  { kind: 'ConfigMap', spec: old, data: { mutex: 'x' } },
  { kind: 'Workflow' },
  { kind: 'Workflow', spec: { odd: { deep: [1] }, templates: ['no object'], synchronization: 1 } },
])('%j is what it was', (object) => {
  expect(convertLegacy(object)).toEqual(object)
})
