import { expect, test } from 'vitest'
import type { NodeStatus } from '../../spec/status.ts'
import type { Template, Workflow } from '../../spec/workflow.ts'
import { Play, type PlayOptions } from '../testing/play.ts'
import type { Refusal } from './refusal.ts'
import { resubmitWorkflow } from './resubmit-workflow.ts'
import { retryWorkflow } from './retry-workflow.ts'

const now = Date.UTC(2026, 0, 2)
const image = { name: 'main', image: 'i', command: ['c'] }
const pod: Template = { name: 'pod', container: image }
const note: Template = {
  ...pod,
  name: 'note',
  inputs: { parameters: [{ name: 'x', default: 'nothing' }] },
}
const gives: Template = {
  ...pod,
  name: 'gives',
  outputs: { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
}

function workflowOf(main: Omit<Template, 'name'>, ...others: readonly Template[]): Workflow {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', ...main }, pod, note, gives, ...others],
    },
  }
}

function play(workflow: Workflow, outcome: PlayOptions['outcome'] = () => ({})): Workflow {
  return new Play(workflow, { outcome }).run().workflow
}

function accepted<T extends object>(result: T | Refusal): T {
  if ('refused' in result) throw new Error(result.refused)
  return result
}

function nodeNamed(workflow: Workflow, name: string) {
  return Object.values(workflow.status?.nodes ?? {}).find((node) => node.name === name)
}

test('a DAG that is retried does not wait for what waits for it', () => {
  const dag: Template = {
    name: 'dag',
    dag: {
      tasks: [
        {
          name: 'A',
          template: 'pod',
          hooks: { done: { template: 'note', expression: "tasks.A.status == 'Succeeded'" } },
        },
      ],
    },
  }
  const workflow = workflowOf(
    { steps: [[{ name: 'a', template: 'dag' }], [{ name: 'b', template: 'pod' }]] },
    dag,
  )
  const failing = new Set(['w[0].a.A.hooks.done', 'w[1].b'])
  const failed = play(workflow, ({ name }) => ({ exitCode: failing.has(name) ? 1 : 0 }))
  expect(failed.status?.phase).toBe('Failed')
  const { workflow: retried } = accepted(retryWorkflow(failed, { now }))
  expect(nodeNamed(retried, 'w[0].a')?.phase).toBe('Running')
  expect(play(retried).status?.phase).toBe('Succeeded')
})

test('what a memoized step gave once is there for those who come after it', () => {
  const workflow = workflowOf({
    dag: {
      tasks: [
        { name: 'A', template: 'gives' },
        { name: 'B', template: 'pod', dependencies: ['A'] },
        {
          name: 'C',
          template: 'note',
          dependencies: ['B', 'A'],
          arguments: { parameters: [{ name: 'x', value: '{{tasks.A.outputs.parameters.v}}' }] },
        },
      ],
    },
  })
  const given = { outputs: { parameters: [{ name: 'v', value: 'given' }] } }
  const failed = play(workflow, ({ name }) => (name === 'w.A' ? given : { exitCode: 1 }))
  const again = accepted(resubmitWorkflow(failed, { now, memoized: true, suffix: 'x' }))
  const ended = play(again.workflow)
  const { name = '' } = ended.metadata
  expect(ended.status?.phase).toBe('Succeeded')
  expect(nodeNamed(ended, `${name}.A`)?.type).toBe('Skipped')
  expect(nodeNamed(ended, `${name}.C`)?.inputs?.parameters?.[0]?.value).toBe('given')
})

test('what succeeded at its second attempt does not run again when the workflow is resubmitted', () => {
  const again: Template = { ...pod, name: 'again', retryStrategy: { limit: 1 } }
  const workflow = workflowOf(
    { steps: [[{ name: 'a', template: 'again' }], [{ name: 'b', template: 'pod' }]] },
    again,
  )
  const failing = new Set(['w[0].a(0)', 'w[1].b'])
  const failed = play(workflow, ({ name }) => ({ exitCode: failing.has(name) ? 1 : 0 }))
  const fresh = accepted(resubmitWorkflow(failed, { now, memoized: true, suffix: 'x' }))
  const ran = new Set<string>()
  const ended = play(fresh.workflow, ({ name }) => {
    ran.add(name.replace(/^w-x/, 'w'))
    return {}
  })
  expect(ended.status?.phase).toBe('Succeeded')
  expect([...ran]).toEqual(['w[1].b'])
})

test('of five thousand failures none is looked for below each other one', () => {
  const names = (step: string) => Array.from({ length: 5_000 }, (_, at) => `${step}(${at}:x)`)
  const tried = names('w[0].a')
  const failed = names('w[1].b')
  const node = (name: string, type: NodeStatus['type'], children: readonly string[]) => ({
    ...{ id: name, name, displayName: name, type, phase: 'Failed' as const, children },
    ...(name !== 'w' && { boundaryID: 'w' }),
  })
  const attempt = (name: string) => ({
    ...node(`${name}(0)`, 'Pod', ['w[1]']),
    nodeFlag: { retried: true },
  })
  const nodes: NodeStatus[] = [
    node('w', 'Steps', ['w[0]']),
    node('w[0]', 'StepGroup', tried),
    ...tried.flatMap((name) => [node(name, 'Retry', [`${name}(0)`]), attempt(name)]),
    node('w[1]', 'StepGroup', failed),
    ...failed.map((name) => node(name, 'Pod', [])),
  ]
  const workflow: Workflow = {
    ...workflowOf({ steps: [] }),
    status: { phase: 'Failed', nodes: Object.fromEntries(nodes.map((one) => [one.id, one])) },
  }
  const { podsToDelete } = accepted(retryWorkflow(workflow, { now }))
  expect(podsToDelete.length).toBe(10_000)
  const again = resubmitWorkflow(workflow, { now, memoized: true, suffix: 'x' })
  expect(Object.keys(accepted(again).workflow.status?.nodes ?? {}).length).toBe(nodes.length)
})
