import { expect, test } from 'vitest'
import type { Workflow } from '../spec/workflow.ts'
import { Play } from './testing/play.ts'

function playing(): Play {
  const image = { image: 'i', command: ['c'] }
  const containers = [
    { name: 'a', ...image },
    { name: 'b', ...image, dependencies: ['a'] },
  ]
  const workflow: Workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: { entrypoint: 'set', templates: [{ name: 'set', containerSet: { containers } }] },
  }
  const play = new Play(workflow, { outcome: () => ({ never: true }) })
  play.pass()
  play.step()
  play.pass()
  return play
}

const told = (play: Play) =>
  play.nodes.map(({ type, phase, message }) => [type, phase, message].join(' ').trim())

test('a set whose pod is deleted is lost, and its members with it', () => {
  const play = playing()
  play.removePod('w')
  play.run()
  expect(told(play)).toEqual([
    'Pod Error pod deleted',
    'Container Error container deleted',
    'Container Error container deleted',
  ])
})

test('a set that is terminated takes its members with it', () => {
  const play = playing()
  play.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, shutdown: 'Terminate' } }))
  play.run()
  const message = 'workflow shutdown with strategy:  Terminate'
  expect(told(play)).toEqual([
    `Pod Failed ${message}`,
    `Container Failed ${message}`,
    `Container Failed ${message}`,
  ])
})

test('members are told of a pod while it runs', () => {
  const play = playing()
  const pod = play.pods.get('w')
  if (pod === undefined) throw new Error('no pod')
  const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }
  const ended = { terminated: { exitCode: 0, reason: 'Completed' } }
  const containerStatuses = [
    { name: 'a', state: ended },
    { name: 'b', state: running },
  ]
  play.tell({ ...pod, status: { phase: 'Running', containerStatuses } })
  play.pass()
  expect(told(play)).toEqual(['Pod Running', 'Container Succeeded', 'Container Running'])
})
