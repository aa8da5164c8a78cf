import { expect, test } from 'vitest'
import { node, nodesOf } from '../graph/nodes.fixture.ts'
import { ticks, timeline } from './timeline.ts'

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`
const now = Date.parse(at(40))

test('bars are parts of the whole, owners before what they own, in the order of their start', () => {
  const nodes = nodesOf(
    node('run', { type: 'DAG', startedAt: at(0), finishedAt: at(20) }),
    node('run.b', { boundaryID: 'run', startedAt: at(10), finishedAt: at(20) }),
    node('run.a', { boundaryID: 'run', startedAt: at(0), finishedAt: at(5) }),
  )
  const { bars } = timeline(nodes, now)
  expect(bars.map(({ id, depth, from, to }) => [id, depth, from, to])).toEqual([
    ['run', 0, 0, 1],
    ['run.a', 1, 0, 0.25],
    ['run.b', 1, 0.5, 1],
  ])
})

test('what still runs lasts until now; what has not started has no bar', () => {
  const nodes = nodesOf(
    node('run', { startedAt: at(0), phase: 'Running' }),
    node('next', { phase: 'Pending' }),
  )
  const { bars, endMs } = timeline(nodes, now)
  expect(bars.map(({ id }) => id)).toEqual(['run'])
  expect(endMs).toBe(now)
})

test('attempts stand below their Retry', () => {
  const nodes = nodesOf(
    node('a', { type: 'Retry', startedAt: at(0), finishedAt: at(9), children: ['a(0)'] }),
    node('a(0)', { startedAt: at(1), finishedAt: at(9) }),
  )
  expect(timeline(nodes, now).bars.map(({ id, depth }) => [id, depth])).toEqual([
    ['a', 0],
    ['a(0)', 1],
  ])
})

test('nothing has no bars', () => {
  expect(timeline({}, now).bars).toEqual([])
})

test.each([
  [10_000, 6, [0, 2000, 4000, 6000, 8000, 10_000]],
  [3_600_000, 4, [0, 900_000, 1_800_000, 2_700_000, 3_600_000]],
])('marks of %i ms are round', (length, most, wanted) => {
  expect(ticks(length, most)).toEqual(wanted)
})

test('a run of months has no more marks than fit', () => {
  expect(ticks(100 * 86_400_000, 6).length).toBeLessThanOrEqual(7)
})
