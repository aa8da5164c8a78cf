import { expect, test } from 'vitest'
import type { Invocation } from '../spec/workflow.ts'
import { mentionedTasks } from './task-mentions.ts'

const given = (value: string): Invocation => ({
  name: 'me',
  arguments: { parameters: [{ name: 'x', value }] },
})

test.each([
  ['{{tasks.a-1.outputs.result}} and {{ tasks.B.ip }}', ['a-1', 'B']],
  ["{{=tasks['a-1'].outputs.result}}", ['a-1']],
  ['{{=tasks["a-1"].outputs.result}}', ['a-1']],
  ['{{=tasks[ `a-1` ].outputs.result}}', ['a-1']],
  ["{{=tasks?.a?.outputs.result ?? tasks?.['b-2'].id}}", ['a', 'b-2']],
  ['{{=sprig.upper(tasks.a.status)}}', ['a']],
])('%s names its tasks', (value, names) => {
  expect(mentionedTasks(given(value))).toEqual({ names, anybody: false })
})

test.each([
  '{{=tasks[inputs.parameters.which].status}}',
  "{{=tasks['a' + 'b'].status}}",
  '{{=toJson(tasks)}}',
  '{{tasks.{{item}}.outputs.result}}',
  '{{=tasks[\n"a" + "b"].status}}',
])('%s may mean anybody', (value) => {
  expect(mentionedTasks(given(value)).anybody).toBe(true)
})

test.each([
  'run all tasks now, tasks.a too',
  '{{inputs.parameters.tasks}} {{workflow.parameters.my-tasks}} {{=inputs.parameters["tasks"]}}',
  '{{=mytasks.a + tasks-a}}',
])('%s means nobody', (value) => {
  expect(mentionedTasks(given(value))).toEqual({ names: [], anybody: false })
})

test('expressions that stand outside of tags are read too', () => {
  const invocation: Invocation = {
    name: 'me',
    arguments: { artifacts: [{ name: 'f', fromExpression: 'tasks.a.outputs.artifacts.f' }] },
    hooks: {
      one: {
        template: 't',
        expression: "tasks['b'].status == 'Failed'",
        arguments: { artifacts: [{ name: 'g', from: 'tasks.c.outputs.artifacts.g' }] },
      },
    },
  }
  expect(mentionedTasks(invocation)).toEqual({ names: ['b', 'a', 'c'], anybody: false })
})
