import { formatTime, type Pod } from '@argosy/engine'
import type { Effect } from '@argosy/kube/workload'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advanceJob } from './advance-job.ts'
import { readIndexes, writeIndexes } from './index-ranges.ts'
import { type Job, type JobSpec, type JobStatus, tracking } from './job.ts'

const now = Date.UTC(2026, 0, 1, 10)
const started = formatTime(now - 30_000)

interface PodFacts {
  readonly phase?: string
  readonly counted?: boolean
  readonly leaving?: boolean
  readonly exit?: number
  readonly index?: number
  readonly restarts?: number
  /** Seconds ago. */
  readonly ended?: number
}

interface Case {
  readonly it: string
  readonly spec?: Partial<JobSpec>
  readonly status?: JobStatus
  readonly pods?: Readonly<Record<string, PodFacts>>
  readonly want: readonly string[]
  readonly wakeIn?: number
}

const cond = (type: string, seconds = 0) =>
  ({
    type,
    status: 'True',
    reason: 'R',
    message: 'm',
    lastTransitionTime: formatTime(now - seconds * 1000),
  }) as const

const cases: readonly Case[] = [
  {
    it: 'a new job starts one pod',
    want: ['selector', 'status startTime,ready=0,terminating=0', 'create j-'],
  },
  {
    it: 'three at once, of five',
    spec: { completions: 5, parallelism: 3 },
    status: { startTime: started },
    pods: { a: { phase: 'Running' } },
    want: ['selector', 'status active=1,ready=1,terminating=0', 'create j-', 'create j-'],
  },
  {
    it: 'no more than are still wanted',
    spec: { completions: 5, parallelism: 3 },
    status: { startTime: started, succeeded: 4 },
    want: ['selector', 'status ready=0,terminating=0,succeeded=4', 'create j-'],
  },
  {
    it: 'a pod that succeeded is noted before it is let go',
    spec: { completions: 2 },
    status: { startTime: started },
    pods: { a: { phase: 'Succeeded' } },
    want: ['selector', 'status ready=0,terminating=0,uncounted=a', 'release a', 'create j-'],
  },
  {
    it: 'one that is let go enters the numbers',
    spec: { completions: 2 },
    status: { startTime: started, uncountedTerminatedPods: { succeeded: ['a'] } },
    pods: { a: { phase: 'Succeeded', counted: true } },
    want: ['selector', 'status ready=0,terminating=0,succeeded=1', 'create j-'],
  },
  {
    it: 'the last one is met, and complete once it is counted',
    status: { startTime: started },
    pods: { a: { phase: 'Succeeded' } },
    want: ['selector', 'status ready=0,terminating=0,uncounted=a,SuccessCriteriaMet', 'release a'],
  },
  {
    it: 'all counted: complete',
    status: {
      startTime: started,
      uncountedTerminatedPods: { succeeded: ['a'] },
      conditions: [cond('SuccessCriteriaMet')],
    },
    pods: { a: { phase: 'Succeeded', counted: true } },
    want: [
      'selector',
      'status ready=0,terminating=0,succeeded=1,completionTime,SuccessCriteriaMet,Complete',
      'event Completed',
    ],
  },
  {
    it: 'after a failure it waits ten seconds',
    status: { startTime: started },
    pods: { a: { phase: 'Failed', ended: 4 } },
    want: ['selector', 'status ready=0,terminating=0,uncounted=a', 'release a'],
    wakeIn: 6000,
  },
  {
    it: 'after three failures forty',
    status: { startTime: started, failed: 3 },
    pods: {
      a: { phase: 'Failed', counted: true, ended: 90 },
      b: { phase: 'Failed', counted: true, ended: 60 },
      c: { phase: 'Failed', counted: true, ended: 10 },
    },
    want: ['selector', 'status ready=0,terminating=0,failed=3'],
    wakeIn: 30_000,
  },
  {
    it: 'too many failures end it, and what still runs is stopped',
    spec: { backoffLimit: 0, parallelism: 2, completions: 2 },
    status: { startTime: started },
    pods: { a: { phase: 'Failed', ended: 1 }, b: { phase: 'Running' } },
    want: [
      'selector',
      'status ready=0,terminating=0,uncounted=a,FailureTarget',
      'release a',
      'remove b',
    ],
  },
  {
    it: 'restarts in place count as failures',
    spec: { backoffLimit: 2, template: { spec: { restartPolicy: 'OnFailure', containers: [] } } },
    status: { startTime: started },
    pods: { a: { phase: 'Running', restarts: 2 } },
    want: ['selector', 'status ready=0,terminating=0,FailureTarget', 'remove a'],
  },
  {
    it: 'all gone after a failure: failed',
    status: { startTime: started, failed: 7, conditions: [cond('FailureTarget')] },
    want: ['selector', 'status ready=0,terminating=0,failed=7,FailureTarget,Failed', 'event R'],
  },
  {
    it: 'a deadline ends it',
    spec: { activeDeadlineSeconds: 30 },
    status: { startTime: started },
    pods: { a: { phase: 'Running' } },
    want: ['selector', 'status ready=0,terminating=0,FailureTarget', 'remove a'],
  },
  {
    it: 'a deadline is waited for',
    spec: { activeDeadlineSeconds: 50 },
    status: { startTime: started },
    pods: { a: { phase: 'Running' } },
    want: ['selector', 'status active=1,ready=1,terminating=0'],
    wakeIn: 20_000,
  },
  {
    it: 'suspended: its pods end and are no failures',
    spec: { suspend: true },
    status: { startTime: started, active: 1 },
    pods: { a: { phase: 'Running' } },
    want: [
      'selector',
      'status ready=0,terminating=0,Suspended',
      'release a',
      'remove a',
      'event Suspended',
    ],
  },
  {
    it: 'resumed: it starts anew',
    spec: { suspend: false },
    status: { conditions: [cond('Suspended')] },
    want: [
      'selector',
      'status startTime,ready=0,terminating=0,-Suspended',
      'create j-',
      'event Resumed',
    ],
  },
  {
    it: 'indexed: the lowest free index first',
    spec: { completionMode: 'Indexed', completions: 4, parallelism: 2 },
    status: { startTime: started, succeeded: 1, completedIndexes: '0' },
    pods: { a: { phase: 'Running', index: 1 } },
    want: [
      'selector',
      'status active=1,ready=1,terminating=0,succeeded=1,indexes=0',
      'create j-2-',
    ],
  },
  {
    it: 'indexed: an index counts once',
    spec: { completionMode: 'Indexed', completions: 2, parallelism: 2 },
    status: { startTime: started, succeeded: 1, completedIndexes: '0' },
    pods: { a: { phase: 'Succeeded', index: 0 }, b: { phase: 'Running', index: 1 } },
    want: ['selector', 'status active=1,ready=1,terminating=0,succeeded=1,indexes=0', 'release a'],
  },
  {
    it: 'a queue is over when one has succeeded and none runs',
    spec: { completions: undefined, parallelism: 2 } as never,
    status: { startTime: started },
    pods: { a: { phase: 'Succeeded' }, b: { phase: 'Running' } },
    want: ['selector', 'status active=1,ready=1,terminating=0,uncounted=a', 'release a'],
  },
  {
    it: 'podFailurePolicy fails it at once',
    spec: {
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }],
      },
    },
    status: { startTime: started },
    pods: { a: { phase: 'Failed', exit: 42, ended: 1 } },
    want: ['selector', 'status ready=0,terminating=0,uncounted=a,FailureTarget', 'release a'],
  },
  {
    it: 'podFailurePolicy forgives',
    spec: {
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
          { action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [1] } },
        ],
      },
    },
    status: { startTime: started },
    pods: { a: { phase: 'Failed', exit: 3, ended: 30 } },
    want: ['selector', 'status ready=0,terminating=0', 'release a', 'create j-'],
  },
  {
    it: 'over and past its time to live it goes',
    spec: { ttlSecondsAfterFinished: 10 },
    status: { conditions: [cond('Complete', 10)] },
    want: ['remove j'],
  },
  {
    it: 'over and within its time to live it waits',
    spec: { ttlSecondsAfterFinished: 10 },
    status: { conditions: [cond('Failed', 4)] },
    want: [],
    wakeIn: 6000,
  },
  {
    it: 'what is not supported is refused by name',
    spec: { backoffLimitPerIndex: 1 },
    want: ['status Failed'],
  },
]

describe('advanceJob', () => {
  it.each(cases)('$it', (one) => {
    const job = jobOf(one)
    const decided = advanceJob(job, podsOf(one), now)
    expect(decided.effects.map(shortOf(job))).toEqual(one.want)
    expect(decided.wakeAt).toBe(one.wakeIn === undefined ? undefined : now + one.wakeIn)
  })

  it('the order of pods does not matter', () => {
    const many = cases.filter(({ pods }) => Object.keys(pods ?? {}).length > 1)
    for (const one of many) {
      const sorted = (pods: readonly Pod[]) =>
        advanceJob(jobOf(one), pods, now).effects.map(short).sort()
      expect(sorted(podsOf(one).reverse())).toEqual(sorted(podsOf(one)))
    }
  })

  it('indexes survive their writing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60)), (indexes) => {
        expect([...readIndexes(writeIndexes(new Set(indexes)))]).toEqual(
          indexes.sort((a, b) => a - b),
        )
      }),
    )
    expect(writeIndexes(new Set([0, 1, 3, 4, 5, 9]))).toBe('0,1,3-5,9')
  })
})

function jobOf({ spec = {}, status }: Case): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'default', uid: 'u' },
    spec: { completions: 1, parallelism: 1, template: { spec: { containers: [] } }, ...spec },
    ...(status && { status }),
  }
}

function podsOf({ pods = {} }: Case): Pod[] {
  return Object.entries(pods).map(([name, facts]) => {
    const {
      phase,
      counted = false,
      leaving = false,
      exit = 0,
      index,
      restarts = 0,
      ended = 0,
    } = facts
    const finishedAt = formatTime(now - ended * 1000)
    const terminated = { exitCode: exit, finishedAt }
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        uid: name,
        namespace: 'default',
        finalizers: counted ? [] : [tracking],
        ...(index !== undefined && {
          annotations: { 'batch.kubernetes.io/job-completion-index': String(index) },
        }),
        ...(leaving && { deletionTimestamp: finishedAt }),
      },
      spec: { containers: [], nodeName: 'n' },
      status: {
        phase,
        conditions: [{ type: 'Ready', status: phase === 'Running' ? 'True' : 'False' }],
        containerStatuses: [
          { name: 'c', restartCount: restarts, state: phase === 'Running' ? {} : { terminated } },
        ],
      },
    } as Pod
  })
}

/** An effect in a few words. */
function short(effect: Effect): string {
  if (effect.do === 'create') return `create ${effect.object.metadata.name?.slice(0, -10)}`
  if (effect.do === 'event') return `event ${effect.reason}`
  if (effect.do === 'remove') return `remove ${effect.ref.name}`
  if (effect.do === 'patch')
    return effect.ref.resource.kind === 'Job' ? 'selector' : `release ${effect.ref.name}`
  return `status`
}

function shortOf(job: Job) {
  return (effect: Effect): string => {
    if (effect.do !== 'status') return short(effect)
    const changed = effect.body['status'] as Record<string, unknown>
    return `status ${words({ ...job.status, ...changed } as JobStatus, changed).join()}`
  }
}

function words(status: JobStatus, changed: object): string[] {
  const numbers = ['active', 'ready', 'terminating', 'succeeded', 'failed'] as const
  const { succeeded, failed } = status.uncountedTerminatedPods ?? {}
  const isSaid = Object.entries(changed).length > 0
  return [
    ...('startTime' in changed && status.startTime ? ['startTime'] : []),
    ...numbers.flatMap((name) =>
      typeof status[name] === 'number' ? [`${name}=${status[name]}`] : [],
    ),
    ...(status.completedIndexes ? [`indexes=${status.completedIndexes}`] : []),
    ...(isSaid && 'uncountedTerminatedPods' in changed
      ? [...(succeeded ?? []), ...(failed ?? [])].map((uid) => `uncounted=${uid}`)
      : []),
    ...(status.completionTime ? ['completionTime'] : []),
    ...(status.conditions ?? []).map(({ type, status }) => (status === 'True' ? type : `-${type}`)),
  ]
}
