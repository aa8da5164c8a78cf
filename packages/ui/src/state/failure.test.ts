import { expect, test } from 'vitest'
import { loop, node, nodesOf } from '../graph/nodes.fixture.ts'
import { causeChain, rootFailures, triesOf } from './failure.ts'

const names = (list: readonly { readonly displayName: string }[]) =>
  list.map(({ displayName }) => displayName)

test('who failed only because of another is not blamed; the first to fail is named first', () => {
  const nodes = {
    ...nodesOf(
      node('run', { type: 'Steps', phase: 'Failed', children: ['run[0]'] }),
      node('run[0]', {
        type: 'StepGroup',
        phase: 'Failed',
        boundaryID: 'run',
        children: ['late', 'early'],
      }),
      node('late', { boundaryID: 'run', phase: 'Failed', finishedAt: '2026-01-01T00:00:09Z' }),
      node('early', { boundaryID: 'run', phase: 'Error', finishedAt: '2026-01-01T00:00:01Z' }),
    ),
  }
  expect(names(rootFailures(nodes))).toEqual(['early', 'late'])
})

test('of a Retry the attempts are to blame, the last ones of all', () => {
  const nodes = nodesOf(
    node('run', { type: 'DAG', phase: 'Failed' }),
    node('run.a', { type: 'Retry', phase: 'Failed', boundaryID: 'run', children: ['run.a(0)'] }),
    node('run.a(0)', { phase: 'Failed', boundaryID: 'run' }),
  )
  expect(names(rootFailures(nodes))).toEqual(['a(0)'])
  expect(names(causeChain(nodes, 'run.a(0)'))).toEqual(['a(0)', 'a', 'run'])
})

test('attempts before the last one are not blamed, nor what failed within them', () => {
  const attempt = (at: number) => [
    node(`run.a(${at})`, { type: 'DAG', phase: 'Failed', boundaryID: 'run' }),
    node(`run.a(${at}).x`, { phase: 'Failed', boundaryID: `run.a(${at})` }),
  ]
  const children = ['run.a(0)', 'run.a(1)']
  const nodes = nodesOf(
    node('run', { type: 'DAG', phase: 'Failed' }),
    node('run.a', { type: 'Retry', phase: 'Failed', boundaryID: 'run', children }),
    ...attempt(0),
    ...attempt(1),
  )
  expect(rootFailures(nodes).map(({ id }) => id)).toEqual(['run.a(1).x'])
  expect([triesOf(nodes, 'run.a(1).x'), triesOf(nodes, 'run')]).toEqual([2, 1])
})

test('an item of a loop belongs to its group', () => {
  const nodes = loop(9, [4])
  expect(names(causeChain(nodes, 'run.fetch(4:item-4)'))).toEqual([
    'fetch(4:item-4)',
    'fetch',
    'run',
  ])
})
