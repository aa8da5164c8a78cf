import { expect, test } from 'vitest'
import type { NodeStatus } from '../spec/status.ts'
import type { Outputs } from '../spec/workflow.ts'
import { addLoopToScope, addNodeToScope, addSkippedToScope } from './aggregate.ts'
import { Scope } from './scope.ts'

function node(outputs: Outputs | undefined, more: Partial<NodeStatus> = {}): NodeStatus {
  return {
    id: 'wf-1',
    name: 'wf[0].a',
    displayName: 'a',
    type: 'Pod',
    phase: 'Succeeded',
    ...(outputs && { outputs }),
    ...more,
  }
}

test('a node is known by its times, phase and outputs', () => {
  const scope = new Scope()
  const artifact = { name: 'art', s3: { key: 'k' } }
  const outputs: Outputs = {
    result: '',
    exitCode: '0',
    parameters: [{ name: 'p', value: 'v' }, { name: 'none' }],
    artifacts: [artifact],
  }
  const times = { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' }
  addNodeToScope(scope, 'steps.a', node(outputs, { ...times, podIP: '1.2.3.4', hostNodeName: 'h' }))
  const names = ['id', 'startedAt', 'finishedAt', 'ip', 'status', 'hostNodeName', 'exitCode']
  expect(names.map((name) => scope.lookup(`steps.a.${name}`))).toEqual([
    'wf-1',
    times.startedAt,
    times.finishedAt,
    '1.2.3.4',
    'Succeeded',
    'h',
    '0',
  ])
  expect(scope.lookup('steps.a.outputs.result')).toBe('')
  expect(scope.lookup('steps.a.outputs.parameters.p')).toBe('v')
  expect(scope.lookup('steps.a.outputs.parameters.none')).toBeUndefined()
  expect(scope.artifact('steps.a.outputs.artifacts.art')).toBe(artifact)
})

test('results of a loop become a JSON list, each as it was written', () => {
  const scope = new Scope()
  const results = ['1.0', ' {"b": "x y",\n "a": 12345678901234567890} ', '"<a>"', 'null', '[1, 2]']
  addLoopToScope(
    scope,
    'steps.l',
    results.map((result) => node({ result })),
  )
  expect(scope.lookup('steps.l.outputs.result')).toBe(
    '[1.0,{"b":"x y","a":12345678901234567890},"\\u003ca\\u003e",null,[1,2]]',
  )
  expect(scope.lookup('steps.l.outputs.parameters')).toBe('[]')
})

test('a result that is no JSON is told', () => {
  const problem = addLoopToScope(new Scope(), 'steps.l', [node({ result: 'hello' })])
  expect(problem).toEqual({ problem: "invalid character 'h' looking for beginning of value" })
})

test('only items that succeeded count, and no hooks or attempts', () => {
  const scope = new Scope()
  addLoopToScope(scope, 'tasks.l', [
    node({ result: '1' }),
    node({ result: '2' }, { phase: 'Failed' }),
    node(undefined),
    node({ result: '3' }, { nodeFlag: { hooked: true } }),
    node({ result: '4' }, { nodeFlag: { retried: true } }),
    node({ result: '5' }),
  ])
  expect(scope.lookup('tasks.l.outputs.result')).toBe('[1,5]')
})

test('parameters come as maps and as a list for each name', () => {
  const scope = new Scope()
  const given = [
    { p: 'x', j: '{"b":1,"a":2}', m: '[1]' },
    { p: '2', j: '[]', m: 'text' },
  ]
  addLoopToScope(
    scope,
    'steps.l',
    given.map((values) =>
      node({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }),
    ),
  )
  expect(scope.lookup('steps.l.outputs.parameters')).toBe(
    '[{"j":"{\\"b\\":1,\\"a\\":2}","m":"[1]","p":"x"},{"j":"[]","m":"text","p":"2"}]',
  )
  expect(scope.lookup('steps.l.outputs.parameters.p')).toBe('["x","2"]')
  expect(scope.lookup('steps.l.outputs.parameters.j')).toBe('[{"a":2,"b":1},[]]')
  expect(scope.lookup('steps.l.outputs.parameters.m')).toBe('["[1]","text"]')
})

test('a loop without items says nothing', () => {
  const scope = new Scope()
  expect(addLoopToScope(scope, 'steps.l', [])).toBeUndefined()
  expect(scope.lookup('steps.l.outputs.result')).toBeUndefined()
})

test('a skipped producer gives its defaults, and absence', () => {
  const template = {
    outputs: {
      result: '',
      parameters: [
        { name: 'd', valueFrom: { path: '/x', default: 'fallback' } },
        { name: 'n', valueFrom: { path: '/x' } },
      ],
      artifacts: [{ name: 'a' }],
    },
  }
  const steps = new Scope()
  addSkippedToScope(steps, 'steps.s', template, { artifacts: true })
  expect(steps.lookup('steps.s.outputs.parameters.d')).toBe('fallback')
  expect(steps.lookup('steps.s.outputs.parameters.n')).toBeNull()
  expect(steps.lookup('steps.s.outputs.result')).toBeNull()
  expect(steps.artifact('steps.s.outputs.artifacts.a')).toBeNull()
  const tasks = new Scope()
  addSkippedToScope(tasks, 'tasks.s', template, { artifacts: false })
  expect(tasks.artifact('tasks.s.outputs.artifacts.a')).toBeUndefined()
})
