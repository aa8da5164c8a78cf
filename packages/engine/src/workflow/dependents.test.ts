import { expect, test } from 'vitest'
import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { advance, load } from './advance.ts'
import { Play } from './testing/play.ts'

const claim = {
  metadata: { name: 'store', labels: { mine: 'yes' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}

const main = {
  name: 'main',
  container: {
    name: 'main',
    image: 'i',
    command: ['c'],
    volumeMounts: [{ name: 'store', mountPath: '/s' }],
  },
}

function workflowOf(spec: Partial<WorkflowSpec> = {}): Workflow {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: { entrypoint: 'main', volumeClaimTemplates: [claim], templates: [main], ...spec },
  }
}

const owner = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  name: 'w',
  uid: 'uid-1',
  controller: true,
  blockOwnerDeletion: true,
}
const volume = { name: 'store', persistentVolumeClaim: { claimName: 'w-store' } }
const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'w-store' }

test('a workflow claims its volumes before its first pod, once', () => {
  const play = new Play(workflowOf()).run()
  const [first, ...others] = play.decisions
  expect(first?.ensure).toEqual([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'w-store',
        namespace: 'default',
        labels: { mine: 'yes', 'workflows.argoproj.io/workflow': 'w' },
        ownerReferences: [owner],
      },
      spec: claim.spec,
    },
  ])
  expect(first?.create[0]?.spec.volumes).toEqual([volume])
  expect(others.flatMap(({ ensure = [] }) => ensure)).toEqual([])
})

test.each([
  ['by default', undefined, 0, true],
  ['by default', undefined, 1, false],
  ['OnWorkflowSuccess', 'OnWorkflowSuccess', 0, true],
  ['OnWorkflowSuccess', 'OnWorkflowSuccess', 1, false],
  ['OnWorkflowCompletion', 'OnWorkflowCompletion', 0, true],
  ['OnWorkflowCompletion', 'OnWorkflowCompletion', 1, true],
  ['by a strategy that nobody knows', 'Sometimes', 0, false],
])('claims are removed %s (%s) after exit code %i: %s', (_, strategy, exitCode, gone) => {
  const volumeClaimGC = strategy === undefined ? undefined : { strategy }
  const workflow = workflowOf({ ...(volumeClaimGC && { volumeClaimGC }) })
  const play = new Play(workflow, { outcome: () => ({ exitCode }) }).run()
  expect(play.decisions.flatMap(({ remove = [] }) => remove)).toEqual(gone ? [claimRef] : [])
  const left = play.workflow.status?.persistentVolumeClaims
  expect(left).toEqual(gone ? undefined : [volume])
})

test('a claim without a name ends the workflow', () => {
  const play = new Play(workflowOf({ volumeClaimTemplates: [{ spec: {} }] })).run()
  expect(play.workflow.status).toMatchObject({
    phase: 'Error',
    message: 'pvc create error: volumeClaimTemplates[0].metadata.name is required',
  })
})

test('a claim that cannot be had ends the workflow with its reason', () => {
  const run = load({
    workflow: workflowOf(),
    pods: [],
    results: [],
    world: { template: () => undefined, configMap: () => undefined },
  })
  const { ops, create, done } = advance(
    run,
    [{ kind: 'unmade', object: workflowOf(), message: 'w-store pvc already exists' }],
    0,
  )
  expect({ create, done }).toEqual({ create: [], done: true })
  expect(ops).toContainEqual({
    op: 'add',
    path: '/status/message',
    value: 'pvc create error: w-store pvc already exists',
  })
})

test('a budget is made at the start and goes at the end', () => {
  const { volumeClaimTemplates: _, ...spec } = workflowOf({
    podDisruptionBudget: { minAvailable: '9999' },
    templates: [{ name: 'main', container: { name: 'main', image: 'i', command: ['c'] } }],
  }).spec
  const play = new Play({ ...workflowOf(), spec }).run()
  const labels = { 'workflows.argoproj.io/workflow': 'w' }
  expect(play.decisions[0]?.ensure).toEqual([
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'w', namespace: 'default', labels, ownerReferences: [owner] },
      spec: { minAvailable: '9999', selector: { matchLabels: labels } },
    },
  ])
  expect(play.decisions.flatMap(({ remove = [] }) => remove)).toEqual([
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'w' },
  ])
})
