import { expect, test } from 'vitest'
import type { Pod } from '../spec/pod.ts'
import type { Workflow } from '../spec/workflow.ts'
import { podExpiry, podGcAnnotation, podGcOf, workflowExpiry } from './garbage.ts'

const finishedAt = '2026-01-01T00:00:10Z'
const end = Date.parse(finishedAt)

test.each([
  [{ strategy: 'OnPodCompletion' }, {}, 'OnPodCompletion/5s'],
  [{ strategy: 'OnPodSuccess', deleteDelayDuration: '30s' }, {}, 'OnPodSuccess/30s'],
  [{ strategy: 'OnPodSuccess', deleteDelayDuration: '0s' }, {}, 'OnPodSuccess/0s'],
  [{ strategy: '' }, {}, undefined],
  [{}, {}, undefined],
  [
    { strategy: 'OnPodCompletion', labelSelector: { matchLabels: { a: '1' } } },
    { a: '1', b: '2' },
    'OnPodCompletion/5s',
  ],
  [
    { strategy: 'OnPodCompletion', labelSelector: { matchLabels: { a: '1' } } },
    { a: '2' },
    undefined,
  ],
  [
    {
      strategy: 'OnPodCompletion',
      labelSelector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['2'] }] },
    },
    { a: '2' },
    undefined,
  ],
  [
    {
      strategy: 'OnPodCompletion',
      labelSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    },
    { a: '' },
    'OnPodCompletion/5s',
  ],
] as const)('podGC %j on a pod with labels %j is %s', (podGC, labels, annotation) => {
  expect(podGcOf({ podGC } as never, labels as never)).toBe(annotation)
})

const pod = (strategy: string, phase: 'Succeeded' | 'Failed'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', annotations: { [podGcAnnotation]: strategy } },
  spec: { containers: [] },
  status: {
    phase,
    containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 0, finishedAt } } }],
  },
})

const workflow = (phase: string, ttlStrategy?: object): Workflow =>
  ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: { ttlStrategy },
    status: { phase, finishedAt },
  }) as never

test.each([
  ['OnPodCompletion/5s', 'Failed', undefined, end + 5000],
  ['OnPodSuccess/1m', 'Succeeded', undefined, end + 60_000],
  ['OnPodSuccess/1m', 'Failed', 'Failed', undefined],
  ['OnWorkflowCompletion/5s', 'Succeeded', undefined, undefined],
  ['OnWorkflowCompletion/5s', 'Succeeded', 'Error', end + 5000],
  ['OnWorkflowSuccess/5s', 'Failed', 'Succeeded', end + 5000],
  ['OnWorkflowSuccess/5s', 'Succeeded', 'Failed', undefined],
] as const)(
  'a pod of %s that %s, in a workflow that is %s, goes at %s',
  (strategy, phase, of, at) => {
    expect(podExpiry(pod(strategy, phase), of && workflow(of))).toBe(at)
  },
)

test.each([
  ['Succeeded', { secondsAfterSuccess: 5 }, end + 6000],
  ['Succeeded', { secondsAfterFailure: 5 }, undefined],
  ['Failed', { secondsAfterFailure: 5, secondsAfterCompletion: 100 }, end + 6000],
  ['Failed', { secondsAfterCompletion: 0 }, end + 1000],
  ['Error', { secondsAfterFailure: 5 }, undefined],
  ['Error', { secondsAfterFailure: 5, secondsAfterCompletion: 10 }, end + 11_000],
  ['Running', undefined, undefined],
] as const)('a workflow that %s with ttl %j goes at %s', (phase, ttl, at) => {
  expect(workflowExpiry(workflow(phase, ttl))).toBe(at)
})
