import { describe, expect, test } from 'vitest'
import type { Workflow } from '../../spec/workflow.ts'
import { parseFieldSelector } from './field-selector.ts'
import type { Refusal } from './refusal.ts'
import { submitFrom, submitKind } from './submit-from.ts'
import { applySubmitOptions } from './submit-options.ts'

const now = Date.UTC(2026, 0, 2)
const nowText = '2026-01-02T00:00:00Z'
const identity = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' }

function accepted<T extends object>(result: T | Refusal): T {
  if ('refused' in result) throw new Error(result.refused)
  return result
}

describe('what whoever submits may say', () => {
  const plain: Workflow = { ...identity, metadata: { generateName: 'w-' }, spec: {} }

  test('everything at once', () => {
    const ownerReference = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }
    const { workflow } = accepted(
      applySubmitOptions(plain, {
        name: 'n',
        generateName: 'g-',
        entrypoint: 'e',
        parameters: ['a=b=c'],
        labels: 'l=1,m=2',
        annotations: 'x=y',
        serviceAccount: 's',
        podPriorityClassName: 'c',
        priority: 0,
        ownerReference,
      }),
    )
    expect(workflow).toEqual({
      ...identity,
      metadata: {
        name: 'n',
        generateName: 'g-',
        labels: { l: '1', m: '2' },
        annotations: { x: 'y' },
        ownerReferences: [ownerReference],
      },
      spec: {
        entrypoint: 'e',
        arguments: { parameters: [{ name: 'a', value: 'b=c' }] },
        serviceAccountName: 's',
        podPriorityClassName: 'c',
        priority: 0,
      },
    })
  })

  test.each([
    [
      { labels: 'a' },
      'expected labels of the form: NAME1=VALUE2,NAME2=VALUE2. Received: a: unexpected label spec: a',
    ],
    [
      { labels: '=b' },
      'expected labels of the form: NAME1=VALUE2,NAME2=VALUE2. Received: =b: unexpected empty label key',
    ],
    [{ parameters: ['a'] }, 'expected parameter of the form: NAME=VALUE. Received: a'],
    [{ artifacts: ['a='] }, 'expected artifact of the form: NAME=KEY. Received: a='],
    [{ artifacts: ['b=k', 'a=k'] }, 'artifact override(s) matched no artifact: a, b'],
  ])('%j is refused', (options, refused) => {
    expect(applySubmitOptions(plain, options)).toEqual({ refused })
  })

  test('another key for an artifact', () => {
    const artifacts = [{ name: 'a', s3: { bucket: 'b', key: 'old' } }]
    const given = { ...plain, spec: { arguments: { artifacts } } }
    const { workflow } = accepted(applySubmitOptions(given, { artifacts: ['a=new/key'] }))
    expect(workflow.spec.arguments?.artifacts).toEqual([
      { name: 'a', s3: { bucket: 'b', key: 'new/key' } },
    ])
    const raw = { ...plain, spec: { arguments: { artifacts: [{ name: 'a', raw: { data: '' } }] } } }
    expect(applySubmitOptions(raw, { artifacts: ['a=k'] })).toEqual({
      refused: 'failed to set key for artifact a: key unsupported: cannot set key on raw artifact',
    })
  })
})

describe('where a workflow comes from', () => {
  const object = { ...identity, metadata: { name: 't', namespace: 'n' }, spec: {} }

  test('a template is referred to and named in a label', () => {
    expect(submitFrom({ kind: 'ClusterWorkflowTemplate', object }, now)).toEqual({
      ...identity,
      metadata: {
        generateName: 't-',
        labels: { 'workflows.argoproj.io/cluster-workflow-template': 't' },
      },
      spec: { workflowTemplateRef: { name: 't', clusterScope: true } },
    })
  })

  test('a schedule gives its spec, its metadata and itself as the owner', () => {
    const cron = {
      ...identity,
      kind: 'CronWorkflow',
      metadata: { name: 'c', namespace: 'n', uid: 'u' },
      spec: { workflowSpec: { entrypoint: 'e' }, workflowMetadata: { labels: { l: '1' } } },
    }
    const made = submitFrom({ kind: 'CronWorkflow', object: cron }, now)
    expect(made.metadata).toMatchObject({
      generateName: 'c-',
      labels: { l: '1', 'workflows.argoproj.io/cron-workflow': 'c' },
      annotations: { 'workflows.argoproj.io/scheduled-time': nowText },
      ownerReferences: [{ kind: 'CronWorkflow', name: 'c', uid: 'u', controller: true }],
    })
    expect(made.spec).toEqual({ entrypoint: 'e' })
  })

  test('kinds go by all their names', () => {
    expect(submitKind('cwf')).toEqual({ kind: 'CronWorkflow' })
    expect(submitKind('WorkflowTemplate')).toEqual({ kind: 'WorkflowTemplate' })
    expect(submitKind('pod')).toEqual({
      refused: "Resource kind 'pod' is not supported for submitting",
    })
  })
})

test.each([
  ['a=b', { a: 'b' }, true],
  ['a==b,c!=d', { a: 'b' }, true],
  ['a!=b', { a: 'b' }, false],
  ['a=', {}, true],
  ['a=x\\,y\\=z\\\\', { a: 'x,y=z\\' }, true],
  ['', { a: 'b' }, true],
])('the selector %s over %j is %s', (text, fields, expected) => {
  expect(accepted(parseFieldSelector(text)).matches(fields)).toBe(expected)
})

test.each([
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
])('the selector %s is refused', (text, refused) => {
  expect(parseFieldSelector(text)).toEqual({ refused })
})
