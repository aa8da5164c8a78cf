import type { NodeStatus, Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { node, nodesOf } from '../graph/nodes.fixture.ts'
import { waitingFor } from './waiting.ts'

const at = '2026-01-01T00:00:00Z'
const later = Date.parse(at) + 60_000

function run(status: object, spec: object = {}): Workflow {
  const metadata = { name: 'r', creationTimestamp: at }
  return { metadata, spec, status } as unknown as Workflow
}

const running = (...nodes: readonly NodeStatus[]) =>
  run({ phase: 'Running', nodes: nodesOf(...nodes) })
const words = (workflow: Workflow, now = later) =>
  waitingFor(workflow, now).map((one) => `${one.node?.displayName ?? 'run'}: ${one.words}`)

test('what somebody can answer comes first, with the question where there is one', () => {
  const workflow = running(
    node('r.gpu', { phase: 'Pending', startedAt: at, message: 'Unschedulable: no gpu' }),
    node('r.ask', { type: 'Suspend', phase: 'Running' }),
    node('r.release', {
      ...{ type: 'Suspend', phase: 'Running' },
      inputs: { parameters: [{ name: 'ok', description: 'Release it?' }] },
    }),
  )
  expect(words(workflow)).toEqual([
    ...['ask: waits for somebody to resume it', 'release: Release it?'],
    'gpu: Unschedulable: no gpu',
  ])
})

test('a pod that has only just been made is given some time', () => {
  const workflow = running(
    node('r.a', { phase: 'Pending', startedAt: at, message: 'ContainerCreating' }),
  )
  expect(words(workflow, Date.parse(at) + 2000)).toEqual([])
  expect(words(workflow)).toEqual(['a: ContainerCreating'])
})

test('locks, pauses, and runs that nobody has begun are told', () => {
  const lock = { waiting: 'argo/Mutex/db' }
  const pause = node('r.p', { type: 'Suspend', phase: 'Running', templateName: 'pause' })
  expect(words(running(node('r.l', { phase: 'Pending', synchronizationStatus: lock })))).toEqual([
    'l: waits for the lock argo/Mutex/db',
  ])
  const templates = [{ name: 'pause', suspend: { duration: '2h' } }]
  const nodes = nodesOf(pause)
  expect(words(run({ phase: 'Running', nodes }, { templates }))).toEqual([
    'p: goes on by itself after 2h',
  ])
  expect(words(run({}))).toEqual(['run: No controller has begun with it yet. Is one running?'])
  expect(words(run({ phase: 'Pending', message: 'too many' }))).toEqual(['run: too many'])
  expect(words(run({ phase: 'Running' }, { suspend: true }))).toEqual([
    'run: Suspended: nothing new begins until it is resumed.',
  ])
})

test('a run at work waits for nothing', () => {
  expect(words(running(node('r.a', { phase: 'Running' }), node('r.b', {})))).toEqual([])
})
