import { formatTime, type Pod } from '@argosy/engine'
import type { Effect } from '@argosy/kube/workload'
import { describe, expect, it } from 'vitest'
import { advanceDeployment } from './advance-deployment.ts'
import {
  bounds,
  type Deployment,
  desiredKey,
  maxKey,
  type OwnSet,
  revisionKey,
} from './deployment.ts'

const now = Date.UTC(2026, 0, 1, 10)
const ago = (seconds: number) => formatTime(now - seconds * 1000)

interface SetFacts {
  /** The template it is of; the deployment's is `new`. */
  readonly of: string
  readonly size: number
  /** How many of them are available; default: all. */
  readonly up?: number
  readonly revision?: number
  /** What its notes say the deployment's size was. */
  readonly desired?: number
}

interface Case {
  readonly it: string
  readonly replicas?: number
  readonly spec?: Partial<Deployment['spec']>
  readonly sets?: Readonly<Record<string, SetFacts>>
  readonly podsOf?: readonly string[]
  readonly want: readonly string[]
}

const recreate = { strategy: { type: 'Recreate' } }
const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
})

const cases: readonly Case[] = [
  { it: 'a new one gets a set of its size', replicas: 3, want: ['create 3 as 1', 'revision 1'] },
  {
    it: 'what is there is left alone',
    replicas: 3,
    sets: { n: { of: 'new', size: 3 } },
    want: [],
  },
  {
    it: 'a new template begins with what surge allows',
    replicas: 4,
    sets: { o: { of: 'old', size: 4 } },
    want: ['create 1 as 2', 'revision 2'],
  },
  {
    it: 'without surge the new set begins empty',
    replicas: 2,
    spec: rolling(0, 1),
    sets: { o: { of: 'old', size: 2 } },
    want: ['create 0 as 2', 'revision 2'],
  },
  {
    it: 'then an old one goes',
    replicas: 2,
    spec: rolling(0, 1),
    sets: { n: { of: 'new', size: 0, revision: 2 }, o: { of: 'old', size: 2 } },
    want: ['o=1'],
  },
  {
    it: 'a new one is not up yet: nobody goes',
    replicas: 2,
    spec: rolling(1, 0),
    sets: { n: { of: 'new', size: 1, up: 0, revision: 2 }, o: { of: 'old', size: 2 } },
    want: [],
  },
  {
    it: 'a new one is up: an old one goes',
    replicas: 2,
    spec: rolling(1, 0),
    sets: { n: { of: 'new', size: 1, revision: 2 }, o: { of: 'old', size: 2 } },
    want: ['o=1'],
  },
  {
    it: 'room again: the new set grows',
    replicas: 2,
    spec: rolling(1, 0),
    sets: { n: { of: 'new', size: 1, revision: 2 }, o: { of: 'old', size: 1 } },
    want: ['n=2'],
  },
  {
    it: 'old pods that are not up go first, whatever is missing',
    replicas: 4,
    spec: rolling(1, 1),
    sets: { n: { of: 'new', size: 1, up: 0, revision: 2 }, o: { of: 'old', size: 4, up: 3 } },
    want: ['o=3'],
  },
  {
    it: 'of several old sets the oldest shrinks first',
    replicas: 4,
    spec: rolling(2, 0),
    sets: {
      a: { of: 'first', size: 1 },
      b: { of: 'second', size: 2, revision: 2 },
      n: { of: 'new', size: 3, revision: 3 },
    },
    want: ['a=0', 'b=1'],
  },
  {
    it: 'percents: surge up, unavailable down',
    replicas: 5,
    spec: rolling('30%', '30%'),
    sets: { o: { of: 'old', size: 5 } },
    want: ['create 2 as 2', 'revision 2'],
  },
  {
    it: 'neither surge nor unavailable: one may be missing',
    replicas: 2,
    spec: rolling('1%', '1%'),
    sets: { n: { of: 'new', size: 1, revision: 2 }, o: { of: 'old', size: 2 } },
    want: ['o=1'],
  },
  {
    it: 'an old template that comes back is the newest revision',
    replicas: 2,
    sets: {
      n: { of: 'new', size: 0, revision: 1 },
      o: { of: 'old', size: 2, revision: 2 },
    },
    want: ['note n 3 after 1', 'revision 3', 'n=1'],
  },
  {
    it: 'paused: a new template changes nothing',
    replicas: 2,
    spec: { paused: true },
    sets: { o: { of: 'old', size: 2 } },
    want: [],
  },
  {
    it: 'paused: it can be scaled',
    replicas: 5,
    spec: { paused: true },
    sets: { o: { of: 'old', size: 2, desired: 2 } },
    want: ['o=5'],
  },
  {
    it: 'scaled in the middle: both sets grow by what they have',
    replicas: 10,
    sets: {
      n: { of: 'new', size: 2, desired: 5, revision: 2 },
      o: { of: 'old', size: 4, desired: 5 },
    },
    want: ['n=4', 'o=9'],
  },
  {
    it: 'scaled to nothing',
    replicas: 0,
    sets: { n: { of: 'new', size: 3, desired: 3 } },
    want: ['n=0'],
  },
  {
    it: 'Recreate ends the old ones first',
    replicas: 2,
    spec: recreate,
    sets: { o: { of: 'old', size: 2 } },
    podsOf: ['o'],
    want: ['o=0'],
  },
  {
    it: 'Recreate waits for the last old pod',
    replicas: 2,
    spec: recreate,
    sets: { o: { of: 'old', size: 0 } },
    podsOf: ['o'],
    want: [],
  },
  {
    it: 'Recreate begins when it is gone',
    replicas: 2,
    spec: recreate,
    sets: { o: { of: 'old', size: 0 } },
    want: ['create 2 as 2', 'revision 2'],
  },
  {
    it: 'old revisions are forgotten',
    replicas: 1,
    spec: { revisionHistoryLimit: 1 },
    sets: {
      a: { of: 'first', size: 0, revision: 1 },
      b: { of: 'second', size: 0, revision: 2 },
      c: { of: 'third', size: 0, revision: 3 },
      n: { of: 'new', size: 1, revision: 4 },
    },
    want: ['forget a', 'forget b'],
  },
]

describe('advanceDeployment', () => {
  it.each(cases)('$it', (one) => {
    const { effects } = advanceDeployment(situationOf(one), now)
    expect(effects.flatMap(short)).toEqual(one.want)
  })

  it.each(cases)('whatever the order of its sets: $it', (one) => {
    const { sets, ...rest } = situationOf(one)
    const { effects } = advanceDeployment({ ...rest, sets: [...sets].reverse() }, now)
    expect(effects.flatMap(short).sort()).toEqual([...one.want].sort())
  })

  it.each(cases)('never too many nor too few: $it', (one) => {
    const before = situationOf(one)
    const { effects } = advanceDeployment(before, now)
    const sizes = new Map(before.sets.map((set) => [set.metadata.name, set.spec.replicas ?? 0]))
    for (const effect of effects) {
      const replicas = sizeIn(effect)
      if (replicas !== undefined) sizes.set(nameIn(effect), replicas)
    }
    const total = [...sizes.values()].reduce((a, b) => a + b, 0)
    const held = before.sets.reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0)
    const most = Math.max(held, (one.replicas ?? 1) + bounds(before.deployment).surge)
    expect(total).toBeLessThanOrEqual(most)
  })
})

describe('the conditions of a Deployment', () => {
  const said = (reason: string, seconds: number) => ({
    conditions: [
      {
        type: 'Progressing',
        status: 'True' as const,
        reason,
        message: '',
        lastUpdateTime: ago(seconds),
      },
    ],
  })
  const table: readonly (Case & { readonly status?: Deployment['status'] })[] = [
    {
      it: 'a set is made',
      replicas: 1,
      want: ['Available=False', 'Progressing=True NewReplicaSetCreated'],
    },
    {
      it: 'all there',
      sets: { n: { of: 'new', size: 1 } },
      want: ['Available=True', 'Progressing=True NewReplicaSetAvailable'],
    },
    {
      it: 'a step',
      replicas: 2,
      sets: { n: { of: 'new', size: 2, up: 1 } },
      status: said('NewReplicaSetCreated', 20),
      want: ['Progressing=True ReplicaSetUpdated', 'Available=False'],
    },
    {
      it: 'no step in time',
      replicas: 2,
      sets: { n: { of: 'new', size: 2, up: 0 } },
      status: { ...said('ReplicaSetUpdated', 601), replicas: 2, updatedReplicas: 2 },
      want: ['Progressing=False ProgressDeadlineExceeded', 'Available=False'],
    },
    {
      it: 'paused',
      spec: { paused: true },
      sets: { n: { of: 'new', size: 1 } },
      want: ['Available=True', 'Progressing=Unknown DeploymentPaused'],
    },
  ]
  it.each(table)('$it', ({ status, ...one }) => {
    const { deployment, ...rest } = situationOf(one)
    const before = { ...deployment, ...(status && { status }) }
    const { effects } = advanceDeployment({ deployment: before, ...rest }, now)
    const written = effects.find((effect) => effect.do === 'status')
    const { conditions = [] } = (
      written?.do === 'status' ? written.body['status'] : {}
    ) as NonNullable<Deployment['status']>
    const shown = conditions.map(({ type, status, reason }) =>
      type === 'Available' ? `${type}=${status}` : `${type}=${status} ${reason}`,
    )
    expect(shown).toEqual(one.want)
  })

  it('wakes when the time for progress is over', () => {
    const { deployment, ...rest } = situationOf({
      it: '',
      replicas: 2,
      want: [],
      sets: { n: { of: 'new', size: 2, up: 0 } },
    })
    const status = { ...said('ReplicaSetUpdated', 100), replicas: 2, updatedReplicas: 2 }
    const { wakeAt } = advanceDeployment({ deployment: { ...deployment, status }, ...rest }, now)
    expect(wakeAt).toBe(now + 500_000)
  })
})

const template = (of: string, labels: object = {}) => ({
  metadata: { labels: { app: 'd', ...labels } },
  spec: { containers: [{ name: 'main', image: of }] },
})

function situationOf({ replicas = 1, spec, sets = {}, podsOf = [] }: Case) {
  const highest = Math.max(0, ...Object.values(sets).map(({ revision = 1 }) => revision))
  const isNew = Object.values(sets).some(
    ({ of, revision = 1 }) => of === 'new' && revision === highest,
  )
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'd',
      namespace: 'default',
      uid: 'u',
      ...(isNew && { annotations: { [revisionKey]: String(highest) } }),
    },
    spec: { replicas, selector: { matchLabels: { app: 'd' } }, template: template('new'), ...spec },
  }
  return {
    deployment,
    sets: Object.entries(sets).map(([name, facts], index) =>
      setOf(name, facts, { index, spec, replicas }),
    ),
    pods: podsOf.map(
      (owner) =>
        ({
          metadata: { ownerReferences: [{ uid: owner, controller: true }] },
          spec: {},
        }) as unknown as Pod,
    ),
  }
}

interface Around {
  readonly index: number
  readonly spec: Case['spec']
  readonly replicas: number
}

function setOf(name: string, facts: SetFacts, { index, replicas, spec }: Around): OwnSet {
  const { of, size, up = size, revision = 1, desired = replicas } = facts
  const quarter = Math.ceil(desired / 4)
  const given = spec?.strategy?.rollingUpdate?.maxSurge
  const percent =
    typeof given === 'string' ? Math.ceil((Number.parseInt(given, 10) * desired) / 100) : given
  const surge = spec?.strategy?.type === 'Recreate' ? 0 : (percent ?? quarter)
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      uid: name,
      namespace: 'default',
      creationTimestamp: ago(1000 - index),
      annotations: {
        [revisionKey]: String(revision),
        [desiredKey]: String(desired),
        [maxKey]: String(desired + surge),
      },
    },
    spec: { replicas: size, template: template(of, { 'pod-template-hash': name }) },
    status: { replicas: size, readyReplicas: up, availableReplicas: up },
  }
}

function sizeIn(effect: Effect): number | undefined {
  if (effect.do === 'create') return (effect.object as OwnSet).spec.replicas
  if (effect.do !== 'patch' || effect.ref.resource.kind !== 'ReplicaSet') return undefined
  return (effect.body['spec'] as { readonly replicas?: number } | undefined)?.replicas
}

function nameIn(effect: Effect): string {
  return effect.do === 'patch' ? effect.ref.name : 'created'
}

function short(effect: Effect): readonly string[] {
  if (effect.do === 'event' || effect.do === 'status') return []
  if (effect.do === 'remove') return [`forget ${effect.ref.name}`]
  const metadata =
    effect.do === 'create'
      ? effect.object.metadata
      : (effect.body['metadata'] as OwnSet['metadata'])
  const revision = metadata?.annotations?.[revisionKey]
  if (effect.do === 'create') return [`create ${sizeIn(effect)} as ${revision}`]
  if (effect.ref.resource.kind === 'Deployment') return [`revision ${revision}`]
  const size = sizeIn(effect)
  if (size !== undefined) return [`${effect.ref.name}=${size}`]
  const history = metadata?.annotations?.['deployment.kubernetes.io/revision-history']
  return [`note ${effect.ref.name} ${revision} after ${history}`]
}
