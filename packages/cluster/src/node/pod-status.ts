import type { ContainerStatus, Pod, PodCondition, PodStatus } from '@argosy/engine'
import type { ContainerRecord } from './container-record.ts'
import { qosClass } from './resources.ts'
import { isSidecar } from './restarts.ts'
import { timestamp } from './timestamp.ts'

/** What a pod's worker knows; this file makes the reported status of it. */
export interface PodRecord {
  readonly startedAt: number
  readonly inits: readonly ContainerRecord[]
  readonly containers: readonly ContainerRecord[]
  /** Put into the pod later; the phase does not follow from them. */
  readonly ephemerals: readonly ContainerRecord[]
  /** No container will be started any more and none runs. */
  readonly over: boolean
  /** Failed whatever the containers say: a deadline, or the node itself. */
  readonly failure?: { readonly reason?: string; readonly message: string }
  /** Why the step's inputs could not be brought here, or the node could not go on. */
  readonly stageError?: string
  /** Kept beside a phase that follows from the containers. */
  readonly message?: string
}

export interface StatusFacts {
  readonly hostIP: string
  /** Undefined while it has none. */
  readonly podIP: string | undefined
  readonly now: number
  /** What was reported last: its conditions keep the times of their transitions. */
  readonly previous?: PodStatus | undefined
}

/** The kubelet's status of a pod. */
export function podStatus(pod: Pod, record: PodRecord, facts: StatusFacts): PodStatus {
  const phase = phaseOf(record)
  const message = record.failure?.message ?? record.message
  return {
    phase,
    ...(record.failure?.reason !== undefined && { reason: record.failure.reason }),
    ...(message !== undefined && { message }),
    conditions: conditions(record, phase, facts),
    hostIP: facts.hostIP,
    ...(facts.podIP !== undefined && { podIP: facts.podIP, podIPs: [{ ip: facts.podIP }] }),
    startTime: timestamp(record.startedAt),
    ...(record.inits.length > 0 && {
      initContainerStatuses: record.inits.map((one) => containerStatus(one, true)),
    }),
    containerStatuses: record.containers.map((one) => containerStatus(one, false)),
    ...(record.ephemerals.length > 0 && {
      ephemeralContainerStatuses: record.ephemerals.map((one) => ({
        ...containerStatus(one, false),
        // kubelet: nobody asks whether they are.
        ready: false,
      })),
    }),
    qosClass: qosClass(pod),
  } as PodStatus
}

/** kubelet: `getPhase` in kubelet_pods.go. */
function phaseOf(record: PodRecord): NonNullable<PodStatus['phase']> {
  if (record.over) return finalPhase(record)
  const initialized = record.inits.every(isInitialized)
  if (!initialized || record.containers.some(neverRan)) return 'Pending'
  return 'Running'
}

function finalPhase(record: PodRecord): 'Succeeded' | 'Failed' {
  if (record.failure) return 'Failed'
  const ended = [...record.inits.filter(({ spec }) => !isSidecar(spec)), ...record.containers]
  return ended.every(succeeded) ? 'Succeeded' : 'Failed'
}

function succeeded({ state }: ContainerRecord): boolean {
  return state.terminated?.exitCode === 0
}

/** It has run, and is past its startup probe; one that is started again has not lost that. */
export function hasStarted({ state, started, lastState }: ContainerRecord): boolean {
  return (state.running !== undefined && started !== false) || lastState !== undefined
}

/** What comes after the init container may begin. */
function isInitialized(record: ContainerRecord): boolean {
  return isSidecar(record.spec) ? hasStarted(record) || succeeded(record) : succeeded(record)
}

function neverRan({ state, lastState }: ContainerRecord): boolean {
  return state.waiting !== undefined && lastState === undefined
}

/** It runs, and its probes have nothing against it. */
function isReady({ state, ready }: ContainerRecord): boolean {
  return state.running !== undefined && ready !== false
}

function containerStatus(record: ContainerRecord, init: boolean): ContainerStatus {
  const { spec, state, lastState, restartCount, id } = record
  const running = state.running !== undefined
  return {
    name: spec.name,
    image: spec.image ?? '',
    imageID: '',
    ...(id !== undefined && { containerID: `argosy://${id}` }),
    ready: init && !isSidecar(spec) ? succeeded(record) : isReady(record),
    started: running && record.started !== false,
    restartCount,
    state,
    lastState: lastState ?? {},
  }
}

type Status = PodCondition['status']

function conditions(
  record: PodRecord,
  phase: PodStatus['phase'],
  { now, previous }: StatusFacts,
): readonly PodCondition[] {
  const done = phase === 'Succeeded' || phase === 'Failed'
  const initialized = record.inits.every(isInitialized)
  const beside = record.inits.filter(({ spec }) => isSidecar(spec))
  const ready = !done && initialized && [...beside, ...record.containers].every(isReady)
  const notReady = done
    ? phase === 'Succeeded'
      ? { reason: 'PodCompleted' }
      : { reason: 'PodFailed' }
    : unready(record)
  const wanted: readonly PodCondition[] = [
    condition('PodReadyToStartContainers', done ? 'False' : 'True'),
    condition(
      'Initialized',
      initialized ? 'True' : 'False',
      initialized ? {} : uninitialized(record),
    ),
    condition('Ready', ready ? 'True' : 'False', ready ? {} : notReady),
    condition('ContainersReady', ready ? 'True' : 'False', ready ? {} : notReady),
    condition('PodScheduled', 'True'),
  ]
  return wanted.map((one) => ({ ...one, lastTransitionTime: since(one, previous, now) }))
}

function condition(
  type: string,
  status: Status,
  why: { readonly reason?: string; readonly message?: string } = {},
): PodCondition {
  return { type, status, ...why }
}

function unready({ containers }: PodRecord) {
  const names = containers.filter((one) => !isReady(one)).map(({ spec }) => spec.name)
  return {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names.join(' ')}]`,
  }
}

function uninitialized({ inits }: PodRecord) {
  const names = inits.filter((one) => !isInitialized(one)).map(({ spec }) => spec.name)
  return {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names.join(' ')}]`,
  }
}

function since(condition: PodCondition, previous: PodStatus | undefined, now: number): string {
  const before = previous?.conditions?.find(({ type }) => type === condition.type)
  const same = before?.status === condition.status ? before.lastTransitionTime : undefined
  return same ?? timestamp(now)
}

/** Of a pod that reached the front of the queue and does not fit. */
export function unschedulableStatus(message: string, now: number): PodStatus {
  return {
    phase: 'Pending',
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastTransitionTime: timestamp(now),
      },
    ],
  }
}
