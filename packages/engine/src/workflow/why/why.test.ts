import { expect, test } from 'vitest'
import type { NodeStatus, WorkflowStatus } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { why } from './why.ts'

type Sketch = Partial<NodeStatus> & Pick<NodeStatus, 'name' | 'type'>

function node({ name, ...more }: Sketch): NodeStatus {
  const displayName = name.slice(name.lastIndexOf('.') + 1)
  return { id: name, name, displayName, phase: 'Running', ...more }
}

function run(nodes: readonly Sketch[], status: WorkflowStatus = {}, spec: object = {}): Workflow {
  const all = Object.fromEntries(nodes.map((one) => [one.name, node(one)]))
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'wf' } },
    spec: { entrypoint: 'main', ...spec },
    status: { phase: 'Running', nodes: all, ...status },
  } as Workflow
}

const sentences = (workflow: Workflow, question = {}) =>
  why(workflow, question).map(({ sentence, chain }) => [sentence, chain.join(' < ')])

const dag = node({ name: 'wf', type: 'DAG', children: ['wf.a', 'wf.b'] })
const inDag = { boundaryID: 'wf' } as const

test.each([
  ['not taken up', run([], { phase: '' }), 'wf has not been taken up by a controller yet'],
  ['suspended', run([dag], {}, { suspend: true }), 'wf is suspended: argosy resume wf'],
  [
    'a lock of the whole',
    run([], {
      phase: 'Pending',
      message: 'Waiting',
      synchronization: { mutex: { waiting: [{ mutex: 'ns/Mutex/m', holder: 'ns/other' }] } },
    }),
    'wf waits for the lock ns/Mutex/m, which ns/other holds',
  ],
  [
    'nothing but a message',
    run([], { phase: 'Failed', message: 'template not found' }),
    'wf failed: template not found',
  ],
])('the workflow itself: %s', (_, workflow, sentence) => {
  expect(why(workflow)[0]?.sentence).toBe(sentence)
})

test.each<[string, Sketch, string]>([
  [
    'approval',
    { name: 'wf.a', type: 'Suspend', displayName: 'approve' },
    'approve waits for approval: argosy resume wf --node-field-selector displayName=approve',
  ],
  [
    'a time',
    { name: 'wf.a', type: 'Suspend', templateName: 'nap', startedAt: '2026-01-01T00:00:00Z' },
    'a waits until 2026-01-01T00:01:30Z',
  ],
  [
    'a value',
    {
      name: 'wf.a',
      type: 'Suspend',
      outputs: { parameters: [{ name: 'p', valueFrom: { supplied: {} } }] },
    },
    'a waits for somebody to say p: argosy node set wf --node-field-selector displayName=a --output-parameter p=…',
  ],
  [
    'a lock',
    {
      name: 'wf.a',
      type: 'Pod',
      phase: 'Pending',
      synchronizationStatus: { waiting: 'ns/ConfigMap/c/k' },
    },
    'a waits for the lock ns/ConfigMap/c/k, which ns/x and ns/y hold',
  ],
  ['a pod', { name: 'wf.a', type: 'Pod', phase: 'Pending' }, 'a is not started yet'],
  [
    'work',
    { name: 'wf.a', type: 'Pod', startedAt: '2026-01-01T00:00:00Z' },
    'a is running since 2026-01-01T00:00:00Z',
  ],
  [
    'a retry',
    { name: 'wf.a', type: 'Retry', message: 'Backoff for 1 minutes 0 seconds' },
    'a waits before it tries again: Backoff for 1 minutes 0 seconds',
  ],
  ['an answer', { name: 'wf.a', type: 'HTTP' }, 'a waits for the answer to its request'],
])('a node that waits for %s says so', (_, sketch, sentence) => {
  const synchronization = {
    semaphore: { waiting: [{ semaphore: 'ns/ConfigMap/c/k', holders: ['ns/x', 'ns/y'] }] },
  }
  const spec = { templates: [{ name: 'nap', suspend: { duration: '90s' } }] }
  const workflow = run([dag, { ...sketch, ...inDag }], { synchronization }, spec)
  const display = sketch.displayName ?? 'a'
  expect(sentences(workflow)).toEqual([[sentence, `${display} < wf`]])
})

test('what keeps a pod from running is told in the words of who keeps it', () => {
  const workflow = run([dag, { name: 'wf.a', type: 'Pod', phase: 'Pending', ...inDag }])
  const ask = (status: object) =>
    why(workflow, { podOf: () => ({ metadata: {}, spec: { containers: [] }, status }) as never })[0]
      ?.sentence
  const unschedulable = {
    type: 'PodScheduled',
    status: 'False',
    message: '0/1 nodes are available',
  }
  expect(ask({ conditions: [unschedulable] })).toBe(
    'a has no place to run: 0/1 nodes are available',
  )
  const waiting = { reason: 'ErrImagePull', message: 'no such image' }
  expect(ask({ containerStatuses: [{ name: 'main', state: { waiting } }] })).toBe(
    'a cannot start its container main: ErrImagePull: no such image',
  )
  const creating = { reason: 'ContainerCreating' }
  expect(ask({ containerStatuses: [{ name: 'main', state: { waiting: creating } }] })).toBe(
    'a is not started yet',
  )
})

test('the first failure comes first, with the chain up; who only passes it on is silent', () => {
  const failed = { phase: 'Failed' } as const
  const workflow = run(
    [
      { ...dag, ...failed, message: 'child failed' },
      {
        name: 'wf.a',
        type: 'Retry',
        ...failed,
        ...inDag,
        message: 'No more retries left',
        children: ['wf.a(0)', 'wf.a(1)'],
      },
      {
        name: 'wf.a(0)',
        type: 'Pod',
        ...failed,
        ...inDag,
        message: 'exit code 1',
        finishedAt: '2026-01-01T00:00:05Z',
      },
      {
        name: 'wf.a(1)',
        type: 'Pod',
        ...failed,
        ...inDag,
        message: 'exit code 2',
        finishedAt: '2026-01-01T00:00:09Z',
      },
      {
        name: 'wf.b',
        type: 'Pod',
        phase: 'Error',
        ...inDag,
        message: 'no space',
        finishedAt: '2026-01-01T00:00:02Z',
      },
    ],
    { phase: 'Failed' },
  )
  expect(sentences(workflow)).toEqual([
    ['b could not be run: no space', 'b < wf'],
    ['a(0) failed: exit code 1', 'a(0) < a < wf'],
    ['a(1) failed: exit code 2', 'a(1) < a < wf'],
  ])
  expect(sentences(workflow, { node: 'a' })).toHaveLength(2)
  expect(sentences(workflow, { node: 'absent' })).toEqual([])
})

test('steps hold their groups, and a predecessor is nobody’s group', () => {
  const steps = { boundaryID: 'wf' }
  const workflow = run([
    { name: 'wf', type: 'Steps', children: ['wf[0]'] },
    { name: 'wf[0]', type: 'StepGroup', phase: 'Succeeded', ...steps, children: ['wf[0].loop'] },
    { name: 'wf[0].loop', type: 'TaskGroup', phase: 'Succeeded', ...steps, children: ['wf[1]'] },
    { name: 'wf[1]', type: 'StepGroup', ...steps, children: ['wf[1].x'] },
    { name: 'wf[1].x', type: 'Pod', ...steps },
  ])
  expect(sentences(workflow)).toEqual([['x is running', 'x < wf']])
})

test('a group without open steps waits for a place; a daemon holds nobody up; skipped is said when asked', () => {
  const workflow = run(
    [
      dag,
      { name: 'wf.a', type: 'Pod', daemoned: true, ...inDag },
      {
        name: 'wf.b',
        type: 'Skipped',
        phase: 'Skipped',
        message: "when 'false' evaluated false",
        ...inDag,
      },
    ],
    {},
    { parallelism: 2 },
  )
  expect(sentences(workflow)).toEqual([
    ['wf waits for a free place to start its next step (spec.parallelism is 2)', 'wf'],
  ])
  expect(sentences(workflow, { node: 'b' })).toEqual([
    ["b was not run: when 'false' evaluated false", 'b < wf'],
  ])
})

test('a workflow that has succeeded needs no reason', () => {
  expect(why(run([{ ...dag, phase: 'Succeeded' }], { phase: 'Succeeded' }))).toEqual([])
})
