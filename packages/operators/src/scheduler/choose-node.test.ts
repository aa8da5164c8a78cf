import type { Pod } from '@argosy/engine'
import { expect, it } from 'vitest'
import { type Candidate, chooseNode } from './choose-node.ts'

const pod = (nodeSelector?: Record<string, string>) =>
  ({ spec: { containers: [], ...(nodeSelector && { nodeSelector }) } }) as unknown as Pod

const node = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ name, isReady: true, isCordoned: false, pods: 0, room: 110 },
  labels: { 'kubernetes.io/hostname': name },
  ...more,
})

it.each([
  { it: 'the one there is', nodes: [node('a')], want: { node: 'a' } },
  {
    it: 'the one with the fewest pods',
    nodes: [node('a', { pods: 3 }), node('b', { pods: 2 })],
    want: { node: 'b' },
  },
  {
    it: 'not one that is not heard of, cordoned or full',
    nodes: [
      node('a', { isReady: false }),
      node('b', { isCordoned: true }),
      node('c', { pods: 110 }),
      node('d', { pods: 109 }),
    ],
    want: { node: 'd' },
  },
  { it: 'nobody is there', nodes: [], want: { message: 'no nodes available to schedule pods' } },
  {
    it: 'nobody can',
    nodes: [node('a', { isReady: false }), node('b', { isReady: false }), node('c', { room: 0 })],
    want: {
      message:
        '0/3 nodes are available: 1 Too many pods, 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.',
    },
  },
])('$it', ({ nodes, want }) => {
  expect(chooseNode(pod(), nodes)).toEqual(want)
})

it('the host that a pod asks for by name, and no other', () => {
  const both = [node('a'), node('b', { pods: 9 })]
  expect(chooseNode(pod({ 'kubernetes.io/hostname': 'b' }), both)).toEqual({ node: 'b' })
  expect(chooseNode(pod({ 'kubernetes.io/hostname': 'c' }), both)).toEqual({
    message: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
  })
})
