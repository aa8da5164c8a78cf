import { expect, test } from 'vitest'
import type { Workflow } from '../spec/workflow.ts'
import { estimateOfNode, estimateOfRun, originOf } from './estimate.ts'
import { Play } from './testing/play.ts'

const spec = {
  entrypoint: 'main',
  templates: [
    { name: 'main', steps: [[{ name: 'a', template: 'pod' }], [{ name: 'b', template: 'pod' }]] },
    { name: 'pod', container: { name: 'main', image: 'i', command: ['c'] } },
  ],
}

function named(name: string): Workflow {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name }, spec }
}

const baseline = new Play(named('before')).run().workflow

test('a run and its nodes are expected to take as long as the last ones did', () => {
  const play = new Play(named('now'), { baseline }).run()
  expect(play.workflow.status?.estimatedDuration).toBe(2)
  expect(
    play.nodes.map(({ displayName, estimatedDuration }) => [displayName, estimatedDuration]),
  ).toEqual([
    ['now', 2],
    ['[0]', 1],
    ['a', 1],
    ['[1]', 1],
    ['b', 1],
  ])
})

test('without one before nothing is expected', () => {
  expect(baseline.status?.estimatedDuration).toBe(undefined)
  expect(estimateOfRun(undefined)).toBe(undefined)
  expect(estimateOfNode(baseline, 'now', 'now[0].other')).toBe(undefined)
})

test('the origin of a workflow is its template or its schedule', () => {
  const labels = { 'workflows.argoproj.io/cron-workflow': 'c', other: 'x' }
  const workflow = { ...named('w'), metadata: { name: 'w', labels } }
  expect(originOf(workflow)).toBe('workflows.argoproj.io/cron-workflow=c')
  expect(originOf(named('w'))).toBe(undefined)
})
