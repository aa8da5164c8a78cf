import type { Pod, PodSpec } from '@argosy/engine'
import type { Taint } from '@argosy/kube/placement'
import { type Effect, revise } from '@argosy/kube/workload'
import { describe, expect, it } from 'vitest'
import { advanceDaemonSet, type DaemonSet } from './advance-daemon-set.ts'
import type { DaemonNode } from './daemon-nodes.ts'
import type { Rollout } from './daemon-rollout.ts'

const template = { spec: { containers: [], nodeSelector: { disk: 'ssd' } } }
const set: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'd', namespace: 'default', uid: 'u' },
  spec: { template },
}
const { hash } = revise(set, [])

const node = (name: string, taints: readonly Taint[] = [], disk = 'ssd'): DaemonNode => ({
  ...{ name, labels: { disk } },
  standing: { isCordoned: false, taints },
})

interface How {
  readonly phase?: string
  readonly isReady?: boolean
  readonly isLeaving?: boolean
}

const pod = (name: string, at: string, of = hash, how: How = {}) =>
  ({
    metadata: {
      ...{ name, labels: { 'controller-revision-hash': of } },
      ...(how.isLeaving && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: { nodeName: at },
    status: {
      phase: how.phase ?? 'Running',
      conditions: [{ type: 'Ready', status: how.isReady === false ? 'False' : 'True' }],
    },
  }) as unknown as Pod

const wants = (pods: readonly Pod[], nodes: readonly DaemonNode[], of = set) => {
  const { effects } = advanceDaemonSet({ set: of, pods, nodes, revisions: [] }, 1)
  return effects.flatMap(short)
}

function short(effect: Effect): readonly string[] {
  if (effect.do === 'create') {
    const { kind, spec } = effect.object as Pod
    return kind === 'Pod' ? [`create at ${nodeIn(spec)}`] : []
  }
  return effect.do === 'remove' ? [`remove ${effect.ref.name}`] : []
}

function nodeIn({ affinity }: PodSpec): string {
  return /"values":\["(.*?)"\]/.exec(JSON.stringify(affinity))?.[1] ?? 'no node'
}

const away = (effect: Taint['effect']): Taint => ({ key: 'gpu', value: 'yes', effect })

interface Case {
  readonly it: string
  readonly nodes: readonly DaemonNode[]
  readonly pods?: readonly Pod[]
  readonly want: readonly string[]
}

describe('which nodes have a daemon', () => {
  it.each([
    {
      it: 'each that it wants',
      nodes: [node('a'), node('b')],
      want: ['create at a', 'create at b'],
    },
    { it: 'none that it does not select', nodes: [node('a', [], 'tape')], want: [] },
    { it: 'none where it is not tolerated', nodes: [node('a', [away('NoSchedule')])], want: [] },
    {
      it: 'one that has one is left as it is',
      ...{ nodes: [node('a'), node('b')], pods: [pod('x', 'a')], want: ['create at b'] },
    },
    {
      it: 'one that takes no more may keep it',
      ...{ nodes: [node('a', [away('NoSchedule')])], pods: [pod('x', 'a')], want: [] },
    },
    {
      it: 'one that drives out does not',
      ...{ nodes: [node('a', [away('NoExecute')])], pods: [pod('x', 'a')], want: ['remove x'] },
    },
    { it: 'one that is gone', nodes: [], pods: [pod('x', 'a')], want: ['remove x'] },
    {
      it: 'one that is no longer selected',
      ...{ nodes: [node('a', [], 'tape')], pods: [pod('x', 'a')], want: ['remove x'] },
    },
    {
      it: 'an ended pod goes first',
      ...{
        nodes: [node('a')],
        pods: [pod('x', 'a', hash, { phase: 'Failed' })],
        want: ['remove x'],
      },
    },
    {
      it: 'a leaving pod is waited for',
      ...{ nodes: [node('a')], pods: [pod('x', 'a', hash, { isLeaving: true })], want: [] },
    },
    {
      it: 'one daemon is enough',
      ...{ nodes: [node('a')], pods: [pod('x', 'a'), pod('y', 'a')], want: ['remove y'] },
    },
  ] as readonly Case[])('$it', ({ nodes, pods = [], want }) => {
    expect(wants(pods, nodes)).toEqual(want)
  })

  it('a cordoned node has one: it is tolerated by every daemon', () => {
    const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
    expect(wants([], [node('a', [cordon])])).toEqual(['create at a'])
  })
})

describe('a new template', () => {
  const nodes = ['a', 'b', 'c'].map((name) => node(name))
  const olds = ['a', 'b', 'c'].map((at) => pod(`${at}-old`, at, 'old'))
  const rolling = (rollingUpdate: Rollout): DaemonSet => ({
    ...set,
    spec: { ...set.spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate } },
  })

  it.each([
    { it: 'comes to one node after the other', rollout: {}, pods: olds, want: ['remove a-old'] },
    {
      it: 'waits for the node that has none ready',
      ...{ rollout: {}, pods: [pod('a-new', 'a', hash, { isReady: false }), ...olds.slice(1)] },
      want: [],
    },
    {
      it: 'replaces at once what does no work',
      rollout: {},
      pods: [pod('a-old', 'a', 'old', { isReady: false }), ...olds.slice(1)],
      want: ['remove a-old'],
    },
    {
      it: 'comes to as many as may be without',
      ...{ rollout: { maxUnavailable: '50%' }, pods: olds, want: ['remove a-old', 'remove b-old'] },
    },
    {
      it: 'comes beside the old one where it may',
      ...{ rollout: { maxSurge: 1, maxUnavailable: 0 }, pods: olds, want: ['create at a'] },
    },
    {
      it: 'is waited for beside the old one',
      rollout: { maxSurge: 1, maxUnavailable: 0 },
      pods: [pod('a-new', 'a', hash, { isReady: false }), ...olds],
      want: [],
    },
    {
      it: 'lets the old one go when it is ready',
      rollout: { maxSurge: 1, maxUnavailable: 0 },
      pods: [pod('a-new', 'a'), ...olds],
      want: ['remove a-old', 'create at b'],
    },
  ])('$it', ({ rollout, pods, want }) => {
    expect(wants(pods, nodes, rolling(rollout))).toEqual(want)
  })

  it('waits for somebody to delete the old ones when told so', () => {
    const patient = { ...set, spec: { ...set.spec, updateStrategy: { type: 'OnDelete' } } }
    expect(wants(olds, nodes, patient)).toEqual([])
  })
})

it('the status counts nodes', () => {
  const nodes = [node('a'), node('b'), node('c', [], 'tape')]
  const pods = [pod('x', 'a'), pod('y', 'c')]
  const { effects } = advanceDaemonSet({ set, pods, nodes, revisions: [] }, 1)
  const status = effects.flatMap((effect) => (effect.do === 'status' ? [effect.body] : []))
  expect(status).toMatchObject([
    {
      status: {
        desiredNumberScheduled: 2,
        currentNumberScheduled: 1,
        numberMisscheduled: 1,
        numberReady: 1,
        numberAvailable: 1,
        numberUnavailable: 1,
      },
    },
  ])
})
