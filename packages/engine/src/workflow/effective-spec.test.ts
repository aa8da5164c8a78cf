import { describe, expect, test } from 'vitest'
import type { Workflow, WorkflowSpec, WorkflowTemplate } from '../spec/workflow.ts'
import { effectiveSpec } from './effective-spec.ts'
import type { World } from './world.ts'

function merged(
  own: WorkflowSpec,
  template: WorkflowSpec | undefined,
  more: { defaults?: WorkflowSpec; frozen?: WorkflowSpec } = {},
) {
  const world: World = {
    template: () => template && ({ spec: template } as WorkflowTemplate),
    configMap: () => undefined,
  }
  const workflow = {
    apiVersion: '',
    kind: 'Workflow',
    metadata: {},
    spec: { workflowTemplateRef: { name: 'wft' }, ...own },
    ...(more.frozen && { status: { storedWorkflowTemplateSpec: more.frozen } }),
  } as Workflow
  return effectiveSpec(workflow, world, more.defaults)
}

test('without a reference the workflow is what it is', () => {
  const workflow = { apiVersion: '', kind: '', metadata: {}, spec: { entrypoint: 'a' } }
  const world: World = { template: () => undefined, configMap: () => undefined }
  expect(effectiveSpec(workflow, world)).toEqual({ spec: workflow.spec })
  expect(effectiveSpec(workflow, world, { entrypoint: 'b', parallelism: 2 })).toEqual({
    spec: { entrypoint: 'a', parallelism: 2 },
  })
})

test('the workflow wins over its template, which wins over the defaults', () => {
  const result = merged(
    { entrypoint: 'w' },
    { entrypoint: 't', parallelism: 2, serviceAccountName: 't' },
    { defaults: { serviceAccountName: 'd', priority: 3 } },
  )
  const spec = {
    workflowTemplateRef: { name: 'wft' },
    entrypoint: 'w',
    parallelism: 2,
    serviceAccountName: 't',
    priority: 3,
  }
  expect(result).toEqual({ spec, stored: spec })
})

test('a template that is not there is told', () => {
  expect(merged({}, undefined)).toEqual({
    problem: 'workflowtemplates.argoproj.io "wft" not found',
  })
})

test('lists with an identity merge item by item', () => {
  const { spec } = merged(
    {
      templates: [
        { name: 'b', container: { name: '', image: 'w' } },
        { name: 'new', suspend: {} },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
    {
      templates: [
        { name: 'a', suspend: {} },
        { name: 'b', container: { name: '', args: ['t'] }, daemon: true },
        { name: 'c', suspend: {} },
      ],
      volumes: [{ name: 'u', emptyDir: {} }],
    },
  ) as { spec: WorkflowSpec }
  expect(spec.templates).toEqual([
    { name: 'a', suspend: {} },
    { name: 'b', container: { name: '', image: 'w', args: ['t'] }, daemon: true },
    { name: 'new', suspend: {} },
    { name: 'c', suspend: {} },
  ])
  expect(spec.volumes?.map(({ name }) => name)).toEqual(['v', 'u'])
})

test('hooks and labelsFrom are taken whole', () => {
  const { spec } = merged(
    {
      hooks: { exit: { template: 'w' } },
      workflowMetadata: { labelsFrom: { a: { expression: 'w' } }, labels: { l: 'w' } },
    },
    {
      hooks: {
        exit: { template: 't', expression: 'x' },
        other: { template: 't', expression: 'y' },
      },
      workflowMetadata: {
        labelsFrom: { a: { expression: 't' }, b: { expression: 't' } },
        labels: { k: 't' },
      },
    },
  ) as { spec: WorkflowSpec }
  expect(spec.hooks).toEqual({
    exit: { template: 'w' },
    other: { template: 't', expression: 'y' },
  })
  expect(spec.workflowMetadata).toEqual({
    labelsFrom: { a: { expression: 'w' }, b: { expression: 't' } },
    labels: { l: 'w', k: 't' },
  })
})

describe('arguments', () => {
  test('a parameter with a value is taken whole from the highest place', () => {
    const { spec } = merged(
      { arguments: { parameters: [{ name: 'p', value: 'w' }] } },
      {
        arguments: {
          parameters: [
            { name: 'p', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } }, enum: ['w'] },
            { name: 'q', value: 't' },
          ],
        },
      },
      { defaults: { arguments: { parameters: [{ name: 'q', default: 'd' }] } } },
    ) as { spec: WorkflowSpec }
    expect(spec.arguments?.parameters).toEqual([
      { name: 'p', value: 'w' },
      { name: 'q', value: 't' },
    ])
  })

  test('an artifact keeps what its own place does not say only within one backend', () => {
    const { spec } = merged(
      {
        arguments: {
          artifacts: [
            { name: 'same', s3: { key: 'w' } },
            { name: 'other', raw: { data: 'w' } },
          ],
        },
      },
      {
        arguments: {
          artifacts: [
            { name: 'same', s3: { bucket: 'b', key: 't' } },
            { name: 'other', s3: { bucket: 'b', key: 't' } },
          ],
        },
      },
    ) as { spec: WorkflowSpec }
    expect(spec.arguments?.artifacts).toEqual([
      { name: 'same', s3: { bucket: 'b', key: 'w' } },
      { name: 'other', raw: { data: 'w' } },
    ])
  })
})

test('suspend is the word of the workflow alone', () => {
  expect(merged({}, { suspend: true })).not.toHaveProperty('spec.suspend')
  expect(merged({ suspend: true }, {})).toHaveProperty('spec.suspend', true)
})

test('what was frozen wins over a template that has changed or gone', () => {
  const frozen = { entrypoint: 'then', templates: [] }
  expect(merged({}, { entrypoint: 'now' }, { frozen })).toEqual({ spec: frozen })
  expect(merged({}, undefined, { frozen })).toEqual({ spec: frozen })
})

test('shutdown and suspend of a workflow that runs reach the frozen spec', () => {
  const frozen = { entrypoint: 'then' }
  expect(merged({ shutdown: 'Stop' }, undefined, { frozen })).toMatchObject({
    stored: { entrypoint: 'then', shutdown: 'Stop' },
  })
  expect(merged({}, undefined, { frozen: { ...frozen, suspend: true } })).not.toHaveProperty(
    'spec.suspend',
  )
})
