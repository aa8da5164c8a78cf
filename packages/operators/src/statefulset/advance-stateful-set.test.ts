import { formatTime, type Pod } from '@argosy/engine'
import { type Effect, type Revision, revise } from '@argosy/kube/workload'
import { describe, expect, it } from 'vitest'
import { advanceStatefulSet } from './advance-stateful-set.ts'
import type { StatefulSet } from './stateful-set.ts'

const now = Date.UTC(2026, 0, 1, 10)

/** `ready`, `pending`, `leaving` or `failed`; a `-` before it: of the template before. */
type State = string

interface Case {
  readonly it: string
  readonly replicas?: number
  readonly spec?: Partial<StatefulSet['spec']>
  readonly pods?: readonly (State | undefined)[]
  readonly want: readonly string[]
}

const parallel = { podManagementPolicy: 'Parallel' }
const claims = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] }
const partition = (partition: number) => ({ updateStrategy: { rollingUpdate: { partition } } })

const cases: readonly Case[] = [
  { it: 'the first comes first', replicas: 3, want: ['s-0'] },
  { it: 'the second waits for the first', replicas: 3, pods: ['pending'], want: [] },
  { it: 'and follows it', replicas: 3, pods: ['ready'], want: ['s-1'] },
  { it: 'a gap is filled', replicas: 3, pods: ['ready', undefined, 'ready'], want: ['s-1'] },
  { it: 'in parallel all come at once', replicas: 3, spec: parallel, want: ['s-0', 's-1', 's-2'] },
  { it: 'a claim comes before its pod', spec: claims, want: ['data-s-0', 's-0'] },
  { it: 'one that has failed goes and comes again', pods: ['failed'], want: ['-s-0'] },
  { it: 'one that is going is waited for', replicas: 2, pods: ['leaving', 'ready'], want: [] },
  {
    it: 'too many: the highest goes',
    replicas: 1,
    pods: ['ready', 'ready', 'ready'],
    want: ['-s-2'],
  },
  { it: 'one by one', replicas: 1, pods: ['ready', 'ready', 'leaving'], want: [] },
  {
    it: 'in parallel all that are too many',
    replicas: 0,
    spec: parallel,
    pods: ['ready', 'ready'],
    want: ['-s-1', '-s-0'],
  },
  {
    it: 'its claim goes with it when that is wished',
    replicas: 0,
    spec: { ...claims, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } },
    pods: ['ready'],
    want: ['-s-0', '-data-s-0'],
  },
  {
    it: 'an update takes the highest first',
    replicas: 2,
    pods: ['-ready', '-ready'],
    want: ['-s-1'],
  },
  { it: 'then the next', replicas: 2, pods: ['-ready', 'ready'], want: ['-s-0'] },
  { it: 'when the one above is ready', replicas: 2, pods: ['-ready', 'pending'], want: [] },
  {
    it: 'down to the partition',
    replicas: 2,
    spec: partition(1),
    pods: ['-ready', 'ready'],
    want: [],
  },
  {
    it: 'a broken one of the template before does not block',
    replicas: 1,
    pods: ['-pending'],
    want: ['-s-0'],
  },
  {
    it: 'OnDelete takes none',
    replicas: 1,
    spec: { updateStrategy: { type: 'OnDelete' } },
    pods: ['-ready'],
    want: [],
  },
  { it: 'ordinals may start elsewhere', spec: { ordinals: { start: 5 } }, want: ['s-5'] },
]

describe('advanceStatefulSet', () => {
  it.each(cases)('$it', (one) => {
    const { effects } = advanceStatefulSet(situationOf(one), now)
    expect(effects.flatMap(short)).toEqual(one.want)
  })

  it('a pod knows its number, its name and its claim', () => {
    const spec = { ...claims, serviceName: 'svc' }
    const { effects } = advanceStatefulSet(situationOf({ it: '', spec, want: [] }), now)
    const made = effects.flatMap((effect) => (effect.do === 'create' ? [effect.object as Pod] : []))
    expect(made.at(-1)).toMatchObject({
      metadata: { labels: { 'apps.kubernetes.io/pod-index': '0' } },
      spec: {
        hostname: 's-0',
        subdomain: 'svc',
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-s-0' } }],
      },
    })
  })
})

function situationOf({ replicas = 1, spec, pods = [] }: Case) {
  const set = setOf('new', replicas, spec)
  const before = setOf('old', replicas, spec)
  const revisions = [before, set].map(revisionOf)
  const [old = '', present = ''] = revisions.map(({ metadata }) => metadata.name)
  return {
    set: { ...set, status: { currentRevision: old } },
    revisions,
    pods: pods.flatMap((state, ordinal) => {
      if (state === undefined) return []
      return state.startsWith('-')
        ? [podOf(ordinal, state.slice(1), old)]
        : [podOf(ordinal, state, present)]
    }),
  }
}

function setOf(image: string, replicas: number, spec: Case['spec']): StatefulSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 's', namespace: 'default', uid: 'u' },
    spec: { replicas, template: { spec: { containers: [{ name: 'c', image }] } }, ...spec },
  }
}

function revisionOf(set: StatefulSet, index: number): Revision {
  const [effect] = revise(set, []).effects
  if (effect?.do !== 'create') throw new Error('no revision')
  return { ...effect.object, revision: index + 1 } as Revision
}

function podOf(ordinal: number, state: State, revision: string): Pod {
  const phase = { ready: 'Running', leaving: 'Running', failed: 'Failed' }[state] ?? 'Pending'
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `s-${ordinal}`,
      namespace: 'default',
      labels: { 'controller-revision-hash': revision },
      ...(state === 'leaving' && { deletionTimestamp: formatTime(now) }),
    },
    spec: { containers: [] },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: phase === 'Running' ? 'True' : 'False' }],
    },
  } as unknown as Pod
}

function short(effect: Effect): readonly string[] {
  if (effect.do === 'create') return [effect.object.metadata.name ?? '']
  return effect.do === 'remove' ? [`-${effect.ref.name}`] : []
}
