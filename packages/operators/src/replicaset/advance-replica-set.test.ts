import { formatTime, type Pod } from '@argosy/engine'
import type { Effect } from '@argosy/kube/workload'
import { expect, it } from 'vitest'
import { advanceReplicaSet, type ReplicaSet } from './advance-replica-set.ts'

const now = Date.UTC(2026, 0, 1, 10)

interface PodFacts {
  readonly phase?: string
  readonly ready?: number | false
  readonly leaving?: boolean
  readonly cost?: number
}

interface Case {
  readonly it: string
  readonly replicas: number
  readonly more?: Partial<ReplicaSet['spec']>
  readonly pods: Readonly<Record<string, PodFacts>>
  readonly want: readonly string[]
  readonly wakeIn?: number
}

const cases: readonly Case[] = [
  { it: 'makes what is missing', replicas: 2, pods: { a: {} }, want: ['1/1/1', 'create r-'] },
  {
    it: 'what has failed is replaced',
    replicas: 1,
    pods: { a: { phase: 'Failed' } },
    want: ['0/0/0', 'create r-'],
  },
  {
    it: 'what is going is replaced at once',
    replicas: 1,
    pods: { a: { leaving: true } },
    want: ['0/0/0', 'create r-'],
  },
  { it: 'enough', replicas: 2, pods: { a: {}, b: {} }, want: ['2/2/2'] },
  {
    it: 'who does not run goes first',
    replicas: 1,
    pods: { a: {}, b: { phase: 'Pending', ready: false }, c: {} },
    want: ['3/2/2', 'remove b', 'remove a'],
  },
  {
    it: 'who is cheap goes first',
    replicas: 1,
    pods: { a: { cost: 10 }, b: { cost: -5 } },
    want: ['2/2/2', 'remove b'],
  },
  {
    it: 'who is ready last goes first',
    replicas: 1,
    pods: { a: { ready: 5 }, b: { ready: 500 } },
    want: ['2/2/2', 'remove a'],
  },
  {
    it: 'is available when it was ready for long enough',
    replicas: 2,
    more: { minReadySeconds: 30 },
    pods: { a: { ready: 40 }, b: { ready: 10 } },
    want: ['2/2/1'],
    wakeIn: 20_000,
  },
]

it.each(cases)('$it', ({ replicas, more, pods, want, wakeIn }) => {
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'r', namespace: 'default', uid: 'u' },
    spec: { replicas, template: { spec: { containers: [] } }, ...more },
  }
  const made = Object.entries(pods).map(([name, facts]) => podOf(name, facts))
  const decided = advanceReplicaSet(set, made, now)
  expect(decided.effects.map(short)).toEqual(want)
  expect(decided.wakeAt).toBe(wakeIn === undefined ? undefined : now + wakeIn)
})

function podOf(name: string, facts: PodFacts): Pod {
  const { phase = 'Running', ready = 100, leaving = false, cost = 0 } = facts
  const lastTransitionTime = formatTime(now - (ready === false ? 0 : ready) * 1000)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(cost) },
      ...(leaving && { deletionTimestamp: formatTime(now) }),
    },
    spec: { nodeName: 'n', containers: [] },
    status: {
      phase,
      conditions: [
        { type: 'Ready', status: ready === false ? 'False' : 'True', lastTransitionTime },
      ],
    },
  } as unknown as Pod
}

function short(effect: Effect): string {
  if (effect.do === 'create') return `create ${effect.object.metadata.generateName}`
  if (effect.do === 'remove') return `remove ${effect.ref.name}`
  if (effect.do !== 'status') return effect.do
  const status = effect.body['status'] as Record<string, number | null>
  const { replicas, readyReplicas, availableReplicas } = status
  return [replicas, readyReplicas, availableReplicas].map((count) => count ?? 0).join('/')
}
