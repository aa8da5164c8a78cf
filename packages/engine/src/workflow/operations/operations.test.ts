import { describe, expect, test } from 'vitest'
import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow, WorkflowSpec } from '../../spec/workflow.ts'
import { Play } from '../testing/play.ts'
import type { Refusal } from './refusal.ts'
import { resubmitWorkflow } from './resubmit-workflow.ts'
import { retryCases } from './retry-cases.table.ts'
import { retryWorkflow } from './retry-workflow.ts'
import { setWorkflow } from './set-workflow.ts'
import { stopWorkflow, terminateWorkflow } from './stop-workflow.ts'
import { resumeWorkflow, suspendWorkflow } from './suspend-workflow.ts'

const now = Date.UTC(2026, 0, 2)
const nowText = '2026-01-02T00:00:00Z'
const identity = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' }

function played(spec: WorkflowSpec, ends: Readonly<Record<string, number>> = {}): Workflow {
  return new Play(
    { ...identity, metadata: { name: 'w' }, spec },
    { outcome: ({ name }) => ({ exitCode: ends[name.slice(1)] ?? 0 }) },
  ).run().workflow
}

function accepted<T extends object>(result: T | Refusal): T {
  if ('refused' in result) throw new Error(result.refused)
  return result
}

function nodesOf(workflow: Workflow): Readonly<Record<string, NodeStatus>> {
  return Object.fromEntries(
    Object.values(workflow.status?.nodes ?? {}).map((node) => [node.name.slice(1), node]),
  )
}

describe('a workflow that is retried', () => {
  test.each(retryCases)('$name', ({ spec, ends, options, left, pods }) => {
    const before = played(spec, ends)
    const { workflow, podsToDelete, resultsToDelete } = accepted(
      retryWorkflow(before, { now, ...options }),
    )
    const lines = Object.entries(nodesOf(workflow)).map(([name, { type, phase }]) => [
      name,
      `${type} ${phase}`,
    ])
    expect(Object.fromEntries(lines)).toEqual(left)
    const byId = new Map(Object.values(before.status?.nodes ?? {}).map((node) => [node.id, node]))
    const gone = resultsToDelete.map((id) => byId.get(id)?.name.slice(1))
    expect(gone.sort()).toEqual([...pods].sort())
    expect(podsToDelete.length).toBe(pods.length)
  })

  const spec = {
    entrypoint: 'a',
    templates: [{ name: 'a', container: { name: 'main', image: 'i' } }],
  }

  test('has no end any more, and its new parameters come first', () => {
    const args = {
      parameters: [
        { name: 'p', value: '1' },
        { name: 'q', value: '2' },
      ],
    }
    const failed = played({ ...spec, arguments: args }, { '': 1 })
    const stopped: Workflow = { ...failed, spec: { ...failed.spec, shutdown: 'Stop' } }
    const { workflow } = accepted(retryWorkflow(stopped, { now, parameters: ['q=3'] }))
    expect(workflow.metadata.labels).toEqual({ 'workflows.argoproj.io/phase': 'Failed' })
    expect(workflow.spec.shutdown).toBe(undefined)
    expect(workflow.spec.arguments?.parameters).toEqual([
      { name: 'q', value: '3' },
      { name: 'p', value: '1' },
    ])
    expect(workflow.status).toMatchObject({ phase: '', startedAt: nowText, nodes: {} })
    expect(workflow.status?.finishedAt).toBe(undefined)
    expect(workflow.status?.conditions).toContainEqual({ type: 'Completed', status: 'False' })
  })

  test('must have ended, and not well', () => {
    const running = { ...played(spec), status: { phase: 'Running' as const } }
    expect(retryWorkflow(running, { now })).toEqual({
      refused: 'Cannot retry a workflow in phase Running',
    })
    expect(retryWorkflow(played(spec), { now })).toEqual({
      refused:
        'To retry a succeeded workflow, set the options restartSuccessful and nodeFieldSelector',
    })
    expect(retryWorkflow(played(spec, { '': 1 }), { now, parameters: ['x'] })).toEqual({
      refused: 'expected parameter of the form: NAME=VALUE. Received: x',
    })
  })
})

const waiting: WorkflowSpec = {
  entrypoint: 'main',
  templates: [
    {
      name: 'main',
      steps: [
        [
          { name: 'a', template: 'ask' },
          { name: 'b', template: 'hold' },
        ],
      ],
    },
    { name: 'hold', suspend: {} },
    {
      name: 'ask',
      suspend: {},
      outputs: {
        parameters: [{ name: 'v', globalName: 'g', valueFrom: { supplied: {}, default: 'd' } }],
      },
    },
  ],
}

describe('a workflow that waits', () => {
  test('is resumed whole, with the defaults of what nobody supplied', () => {
    const before = suspended(played(waiting))
    const { workflow } = accepted(
      resumeWorkflow(before, { now, actor: { subject: 'ann', email: 'a@b' } }),
    )
    const message = 'Resumed by: map[Email:a@b User:ann]'
    const { '[0].a': a, '[0].b': b } = nodesOf(workflow)
    expect(a).toMatchObject({ phase: 'Succeeded', message, finishedAt: nowText })
    expect(a?.outputs?.parameters).toEqual([{ name: 'v', globalName: 'g', value: 'd' }])
    expect(b).toMatchObject({ phase: 'Succeeded', message })
    expect(workflow.spec.suspend).toBe(undefined)
    expect(workflow.metadata.labels).toMatchObject({
      'workflows.argoproj.io/actor': 'ann',
      'workflows.argoproj.io/actor-email': 'a.at.b',
      'workflows.argoproj.io/action': 'Resume',
    })
  })

  test('is resumed in part', () => {
    const before = suspended(played(waiting))
    const selected = { now, nodeFieldSelector: 'displayName=b' }
    const { workflow } = accepted(resumeWorkflow(before, selected))
    expect(nodesOf(workflow)['[0].a']?.phase).toBe('Running')
    expect(nodesOf(workflow)['[0].b']?.phase).toBe('Succeeded')
    expect(workflow.spec.suspend).toBe(true)
    expect(resumeWorkflow(before, { now, nodeFieldSelector: 'displayName=x' })).toEqual({
      refused:
        'currently, set only targets suspend nodes: no suspend nodes matching nodeFieldSelector: displayName=x',
    })
  })

  test('is given what it waits for, also as a global output', () => {
    const { workflow } = accepted(
      setWorkflow(played(waiting), {
        now,
        nodeFieldSelector: 'displayName=a',
        message: 'here',
        outputParameters: { v: '7' },
      }),
    )
    expect(nodesOf(workflow)['[0].a']).toMatchObject({
      phase: 'Running',
      message: 'here',
      outputs: { parameters: [{ name: 'v', value: '7' }] },
    })
    expect(workflow.status?.outputs?.parameters).toEqual([{ name: 'g', value: '7' }])
  })

  test.each([
    [
      '',
      {},
      "'set' currently only targets suspend nodes, use a node field selector to target them",
    ],
    ['displayName=a', { phase: 'Omitted' }, 'Omitted is an invalid phase to set to'],
    [
      'displayName=a',
      { outputParameters: { y: '1' } },
      "node is not expecting output parameter 'y'",
    ],
    [
      'displayName=b',
      { outputParameters: { y: '1' } },
      'cannot set output parameters because node is not expecting any raw parameters',
    ],
    [
      'displayName',
      { message: 'm' },
      "invalid selector: 'displayName'; can't understand 'displayName'",
    ],
  ] as const)('set %s %j is refused', (nodeFieldSelector, values, refused) => {
    expect(setWorkflow(played(waiting), { now, nodeFieldSelector, ...values })).toEqual({ refused })
  })

  test('fails where a stop is aimed at one of its nodes', () => {
    const aimed = { now, nodeFieldSelector: 'displayName=b', message: 'no' }
    const { workflow } = accepted(stopWorkflow(played(waiting), aimed))
    expect(nodesOf(workflow)['[0].b']).toMatchObject({ phase: 'Failed', message: 'no' })
    expect(workflow.spec.shutdown).toBe(undefined)
  })

  test('goes on where it was resumed', () => {
    const play = new Play({ ...identity, metadata: { name: 'w' }, spec: waiting }).run()
    play.edit((workflow) => accepted(resumeWorkflow(workflow, { now: play.now })).workflow)
    play.run()
    expect(play.workflow.status?.phase).toBe('Succeeded')
  })

  test('goes on where it was set, and a second answer is refused', () => {
    const play = new Play({ ...identity, metadata: { name: 'w' }, spec: waiting }).run()
    const answer = { now, nodeFieldSelector: 'displayName=a', outputParameters: { v: '7' } }
    play.edit((workflow) => accepted(setWorkflow(workflow, answer)).workflow)
    play.run()
    expect(setWorkflow(play.workflow, answer)).toEqual({
      refused:
        "cannot set output parameter 'v' because it does not use valueFrom.raw or it was already set",
    })
    play.edit((workflow) => accepted(resumeWorkflow(workflow, { now: play.now })).workflow)
    play.run()
    expect(play.node('a').outputs?.parameters?.[0]?.value).toBe('7')
    expect(play.done).toBe(true)
  })
})

function suspended(workflow: Workflow): Workflow {
  return accepted(suspendWorkflow(workflow)).workflow
}

describe('a workflow that has ended', () => {
  const done = played({ entrypoint: 'a', templates: [{ name: 'a', suspend: { duration: '1' } }] })

  test('is not suspended, stopped or terminated', () => {
    const over = 'cannot shutdown a completed workflow: workflow: "w", namespace: "default"'
    expect(suspendWorkflow(done)).toEqual({ refused: 'cannot suspend completed workflows' })
    expect(stopWorkflow(done, { now })).toEqual({ refused: over })
    expect(terminateWorkflow(done)).toEqual({ refused: over })
  })
})

test('stop and terminate say how, and who asked', () => {
  const stopped = accepted(stopWorkflow(played(waiting), { now, actor: { subject: 'a b' } }))
  expect(stopped.workflow.spec.shutdown).toBe('Stop')
  expect(stopped.workflow.metadata.labels).toMatchObject({
    'workflows.argoproj.io/actor': 'a-b',
    'workflows.argoproj.io/action': 'Stop',
  })
  expect(accepted(terminateWorkflow(played(waiting))).workflow.spec.shutdown).toBe('Terminate')
})

describe('a workflow that is resubmitted', () => {
  const image = { name: 'main', image: 'i' }
  const spec: WorkflowSpec = {
    entrypoint: 'main',
    arguments: { parameters: [{ name: 'p', value: '1' }] },
    templates: [
      {
        name: 'main',
        dag: {
          tasks: [
            { name: 'a', template: 'pod' },
            { name: 'b', template: 'pod', dependencies: ['a'] },
          ],
        },
      },
      { name: 'pod', container: image },
    ],
  }

  test('is a new one with the labels of its user and none of ours', () => {
    const before = played(spec)
    const labels = { ...before.metadata.labels, mine: 'x', 'workflows.argoproj.io/creator': 'y' }
    const old = { ...before, metadata: { ...before.metadata, labels, annotations: { n: '1' } } }
    const { workflow } = accepted(resubmitWorkflow(old, { now, parameters: ['p=2'] }))
    expect(workflow.metadata).toEqual({
      generateName: 'w-',
      namespace: 'default',
      labels: { mine: 'x', 'workflows.argoproj.io/resubmitted-from-workflow': 'w' },
      annotations: { n: '1' },
    })
    expect(workflow.spec.arguments?.parameters).toEqual([{ name: 'p', value: '2' }])
    expect(workflow.status).toBe(undefined)
  })

  test('memoized only when it failed', () => {
    expect(resubmitWorkflow(played(spec), { now, memoized: true })).toEqual({
      refused: 'workflow must be Failed/Error to resubmit in memoized mode',
    })
  })

  test('memoized does not run again what succeeded', () => {
    const failed = played(spec, { '.b': 1 })
    const options = { now, memoized: true, suffix: 'abcde' }
    const { workflow } = accepted(resubmitWorkflow(failed, options))
    expect(workflow.metadata.name).toBe('w-abcde')
    const named = Object.values(workflow.status?.nodes ?? {})
    const a = Object.values(failed.status?.nodes ?? {}).find(
      ({ displayName }) => displayName === 'a',
    )
    expect(named.map(({ name, type, phase, message }) => [name, type, phase, message])).toEqual([
      ['w-abcde', 'DAG', 'Pending', undefined],
      ['w-abcde.a', 'Skipped', 'Skipped', `original pod: ${a?.id}`],
      ['w-abcde.b', 'Pod', 'Pending', undefined],
    ])
    const play = new Play(workflow).run()
    expect(play.workflow.status?.phase).toBe('Succeeded')
    expect(play.created.length).toBe(1)
  })
})
