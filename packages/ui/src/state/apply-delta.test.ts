import { expect, test } from 'vitest'
import { applyDelta } from './apply-delta.ts'

const before = {
  metadata: { name: 'a' },
  status: { nodes: { x: { phase: 'Running' }, y: { phase: 'Pending' } }, list: [1, 2] },
}

test('changes what a patch names, and shares the rest', () => {
  const after = applyDelta(before, [
    [{ op: 'replace', path: '/status/nodes/x/phase', value: 'Succeeded' }],
    [
      { op: 'add', path: '/status/nodes/z~1w', value: { phase: 'Running' } },
      { op: 'add', path: '/status/list/-', value: 3 },
      { op: 'remove', path: '/status/list/0' },
    ],
  ])
  expect(after.status).toEqual({
    nodes: {
      x: { phase: 'Succeeded' },
      y: { phase: 'Pending' },
      'z/w': { phase: 'Running' },
    },
    list: [2, 3],
  })
  expect(after.status.nodes.y).toBe(before.status.nodes.y)
  expect(after.metadata).toBe(before.metadata)
  expect(before.status.nodes.x.phase).toBe('Running')
})

test('a patch of something else is an error, and leaves the value alone', () => {
  const path = '/status/nodes/w/phase'
  expect(() => applyDelta(before, [[{ op: 'replace', path, value: 'x' }]])).toThrow('nothing at')
  expect(Object.keys(before.status.nodes)).toEqual(['x', 'y'])
})
