import type { Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { bites } from './bites.ts'

const run = (nodes: number) =>
  ({
    metadata: {},
    status: { nodes: Object.fromEntries(Array.from({ length: nodes }, (_, at) => [at, {}])) },
  }) as unknown as Workflow

test.each([
  ['none', [], []],
  ['small ones together', Array(120).fill(0), [50, 50, 20]],
  ['large ones a few at a time', Array(5).fill(180), [2, 2, 1]],
  ['a huge one alone', [0, 5000, 0], [1, 1, 1]],
])('%s', (_, nodes, expected) => {
  const runs = nodes.map(run)
  const groups = bites(runs)
  expect(groups.map((group) => group.length)).toEqual(expected)
  expect(groups.flat()).toEqual(runs)
})
