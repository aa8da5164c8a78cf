import type { Pod } from '@argosy/engine'
import { type Effect, revise } from '@argosy/kube/workload'
import { expect, it } from 'vitest'
import { advanceDaemonSet, type DaemonSet } from './advance-daemon-set.ts'

const set: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'd', namespace: 'default', uid: 'u' },
  spec: { template: { spec: { containers: [], nodeSelector: { disk: 'ssd' } } } },
}
const here = [{ disk: 'ssd' }]
const { hash } = revise(set, [])

const pod = (name: string, of: string, phase = 'Running') =>
  ({
    metadata: { name, labels: { 'controller-revision-hash': of } },
    status: { phase, conditions: [{ type: 'Ready', status: 'True' }] },
  }) as unknown as Pod

it.each([
  { it: 'one pod for the machine', nodes: here, pods: [], want: ['create'] },
  {
    it: 'none for a machine that it does not select',
    nodes: [{ disk: 'tape' }],
    pods: [],
    want: [],
  },
  { it: 'one that is there is enough', nodes: here, pods: [pod('a', hash)], want: [] },
  {
    it: 'one of an old template goes first',
    nodes: here,
    pods: [pod('a', 'old')],
    want: ['remove a'],
  },
  {
    it: 'one that has ended goes first',
    nodes: here,
    pods: [pod('a', hash, 'Failed')],
    want: ['remove a'],
  },
  { it: 'one is enough', nodes: here, pods: [pod('a', hash), pod('b', hash)], want: ['remove b'] },
  { it: 'no longer selected', nodes: [{}], pods: [pod('a', hash)], want: ['remove a'] },
])('$it', ({ nodes, pods, want }) => {
  const { effects } = advanceDaemonSet({ set, pods, nodes, revisions: [] }, 0)
  expect(effects.flatMap(short)).toEqual(want)
})

function short(effect: Effect): readonly string[] {
  if (effect.do === 'create') return effect.object.kind === 'Pod' ? ['create'] : []
  return effect.do === 'remove' ? [`remove ${effect.ref.name}`] : []
}
