import { expect, test } from 'vitest'
import type { NodeStatus } from '../spec/status.ts'
import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'
import {
  addGlobalOutput,
  globalScope,
  setFailures,
  setWorkflowDuration,
  setWorkflowStatus,
} from './globals.ts'
import { Scope } from './scope.ts'
import type { World } from './world.ts'

const world: World = {
  template: () => undefined,
  configMap: (name) =>
    name === 'cm'
      ? { data: { k: 'from map' }, labels: { 'workflows.argoproj.io/configmap-type': 'Parameter' } }
      : undefined,
}

function globals(spec: WorkflowSpec, metadata: Workflow['metadata'] = {}, status = {}): Scope {
  const result = made(spec, metadata, status)
  if ('problem' in result) throw new Error(result.problem)
  return result.scope
}

function made(spec: WorkflowSpec, metadata: Workflow['metadata'] = {}, status = {}) {
  const workflow: Workflow = {
    apiVersion: '',
    kind: '',
    metadata: {
      name: 'wf',
      namespace: 'ns',
      uid: 'u-1',
      creationTimestamp: '2026-03-04T05:06:07Z',
      ...metadata,
    },
    spec,
    status,
  }
  return globalScope(workflow, spec, world)
}

test.each([
  ['name', 'wf'],
  ['namespace', 'ns'],
  ['uid', 'u-1'],
  ['serviceAccountName', 'sa'],
  ['mainEntrypoint', 'main'],
  ['priority', '7'],
  ['scheduledTime', '2026-01-01T00:00:00Z'],
  ['creationTimestamp', '2026-03-04T05:06:07Z'],
  ['creationTimestamp.RFC3339', '2026-03-04T05:06:07Z'],
  ['creationTimestamp.s', '1772600767'],
  ['creationTimestamp.Y', '2026'],
  ['creationTimestamp.m', '03'],
  ['creationTimestamp.B', 'March'],
  ['creationTimestamp.H', '05'],
  ['parameters.p', 'v'],
  ['parameters.m', 'from map'],
  [
    'parameters',
    '[{"name":"p","value":"v"},{"name":"m","valueFrom":{"configMapKeyRef":{"name":"cm","key":"k"}}}]',
  ],
  [
    'parameters.json',
    '[{"name":"p","value":"v"},{"name":"m","valueFrom":{"configMapKeyRef":{"name":"cm","key":"k"}}}]',
  ],
  ['labels.l', 'x'],
  ['labels', '{"l":"x"}'],
  ['labels.json', '{"l":"x"}'],
  ['labels.extra', 'y'],
  ['labels.late', undefined],
  ['annotations.a', '<b>'],
  [
    'annotations.json',
    '{"a":"\\u003cb\\u003e","workflows.argoproj.io/scheduled-time":"2026-01-01T00:00:00Z"}',
  ],
  ['status', 'Running'],
])('workflow.%s', (name, value) => {
  const scope = globals(
    {
      entrypoint: 'main',
      serviceAccountName: 'sa',
      priority: 7,
      arguments: {
        parameters: [
          { name: 'p', value: 'v' },
          { name: 'm', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } },
        ],
      },
      workflowMetadata: {
        labels: { extra: 'y', late: 'z' },
        labelsFrom: { late: { expression: 'e' } },
      },
    },
    {
      labels: { l: 'x' },
      annotations: { a: '<b>', 'workflows.argoproj.io/scheduled-time': '2026-01-01T00:00:00Z' },
    },
    { phase: 'Running' },
  )
  expect(scope.lookup(`workflow.${name}`)).toBe(value)
})

test('a label that an expression has given is known for as long as the workflow runs', () => {
  const workflowMetadata = { labels: { late: 'z' }, labelsFrom: { late: { expression: 'e' } } }
  const scope = (phase: 'Pending' | 'Running') =>
    globals({ workflowMetadata }, { labels: { late: 'given' } }, { phase })
  expect(scope('Running').lookup('workflow.labels.late')).toBe('given')
  expect(scope('Pending').lookup('workflow.labels.late')).toBeUndefined()
})

test('lists and maps that are not there are null', () => {
  const scope = globals({})
  expect(scope.lookup('workflow.parameters')).toBe('null')
  expect(scope.lookup('workflow.labels')).toBe('null')
  expect(scope.lookup('workflow.priority')).toBeUndefined()
})

test('a parameter must have a value', () => {
  expect(made({ arguments: { parameters: [{ name: 'p' }] } })).toEqual({
    problem: 'either value or valueFrom must be specified in order to set global parameter p',
  })
  const valueFrom = { configMapKeyRef: { name: 'no', key: 'k' } }
  expect(made({ arguments: { parameters: [{ name: 'p', valueFrom }] } })).toHaveProperty(
    'problem',
    expect.stringContaining(
      "failed to set global parameter p from configmap with name no and key k: ConfigMap 'no' does not exist.",
    ),
  )
  const withDefault = { name: 'p', valueFrom: { ...valueFrom, default: 'd' } }
  expect(
    globals({ arguments: { parameters: [withDefault] } }).lookup('workflow.parameters.p'),
  ).toBe('d')
})

test('outputs of the workflow are there after a restart', () => {
  const outputs = {
    parameters: [{ name: 'g', value: '1' }],
    artifacts: [{ name: 'h', s3: { key: 'k' } }],
  }
  const scope = globals({}, {}, { outputs })
  expect(scope.lookup('workflow.outputs.parameters.g')).toBe('1')
  expect(scope.artifact('workflow.outputs.artifacts.h')).toEqual({ name: 'h', s3: { key: 'k' } })
})

test('outputs with a global name become known', () => {
  const scope = new Scope()
  addGlobalOutput(scope, {
    parameters: [
      { name: 'a', globalName: 'g', value: '1' },
      { name: 'b', value: '2' },
    ],
    artifacts: [{ name: 'c', globalName: 'h', path: '/p', s3: { key: 'k' } }],
  })
  expect(scope.lookup('workflow.outputs.parameters.g')).toBe('1')
  expect(scope.lookup('workflow.outputs.parameters.b')).toBeUndefined()
  expect(scope.artifact('workflow.outputs.artifacts.h')).toEqual({ name: 'h', s3: { key: 'k' } })
})

test('failures are JSON within a JSON string', () => {
  const scope = new Scope()
  setFailures(scope, 'wf', [])
  expect(scope.lookup('workflow.failures')).toBe('"null"')
  const node: NodeStatus = {
    id: 'wf-1',
    name: 'wf[0].a',
    displayName: 'a',
    type: 'Pod',
    templateName: 't',
    phase: 'Failed',
    message: 'say "no"',
    finishedAt: '2026-01-01T00:00:00Z',
  }
  setFailures(scope, 'wf', [node, { ...node, phase: 'Succeeded' }])
  expect(JSON.parse(JSON.parse(scope.lookup('workflow.failures') ?? ''))).toEqual([
    {
      displayName: 'a',
      message: 'say "no"',
      templateName: 't',
      phase: 'Failed',
      podName: expect.stringMatching(/^wf-t-\d+$/),
      finishedAt: '2026-01-01T00:00:00Z',
    },
  ])
})

test('status and duration change while it runs', () => {
  const scope = new Scope()
  setWorkflowStatus(scope, 'Failed')
  setWorkflowDuration(scope, 1500)
  expect(scope.lookup('workflow.status')).toBe('Failed')
  expect(scope.lookup('workflow.duration')).toBe('1.500000')
})
