import { type JsonObject, parseTime } from '@argosy/engine'
import { type Condition, withCondition } from '@argosy/kube/workload'
import {
  availableIn,
  bounds,
  type Deployment,
  type OwnSet,
  sizeOf,
  sum,
  wantedBy,
} from './deployment.ts'

type Status = NonNullable<Deployment['status']>

export interface Standing {
  readonly status: JsonObject
  /** When the time for progress is over. */
  readonly deadline: number | undefined
}

/** A deployment's status, from those of its sets. */
export function standingOf(
  deployment: Deployment,
  current: OwnSet | undefined,
  sets: { readonly all: readonly OwnSet[]; readonly created?: string | undefined },
  now: number,
): Standing {
  const { all, created } = sets
  const available = sum(all, availableIn)
  const numbers: Status = {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: sum(all, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, sizeOf) - available),
  }
  const isEnough = available >= wantedBy(deployment) - bounds(deployment).unavailable
  const list = withCondition(
    deployment.status?.conditions ?? [],
    {
      type: 'Available',
      status: isEnough ? 'True' : 'False',
      reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${isEnough ? 'has' : 'does not have'} minimum availability.`,
    },
    now,
    'lastUpdateTime',
  )
  const name = current?.metadata.name ?? created
  const progress = progressOf(deployment, { numbers, name, isNew: created !== undefined }, now)
  const conditions = progress ? withProgress(list, progress, now) : list
  const shown = Object.entries(numbers).map(([key, value]) => [key, value === 0 ? null : value])
  return {
    status: { ...Object.fromEntries(shown), conditions } as unknown as JsonObject,
    deadline: deadlineOf(deployment, conditions),
  }
}

interface Facts {
  readonly numbers: Status
  readonly name: string | undefined
  readonly isNew: boolean
}

/** Every step counts as a sign of life, so its time is written even when it says the same. */
function withProgress(list: readonly Condition[], progress: Progress, now: number) {
  const { isStep, ...condition } = progress
  const isSaid = list.some(
    ({ type, reason }) => type === 'Progressing' && reason === condition.reason,
  )
  const base = isStep && isSaid ? list.filter(({ type }) => type !== 'Progressing') : list
  const before = list.find(({ type }) => type === 'Progressing')
  const next = withCondition(base, condition, now, 'lastUpdateTime')
  if (base === list || before?.status !== condition.status) return next
  const { lastTransitionTime } = before
  return next.map((one) =>
    one.type === 'Progressing' && lastTransitionTime ? { ...one, lastTransitionTime } : one,
  )
}

interface Progress extends Condition {
  readonly isStep: boolean
}

function progressOf(deployment: Deployment, facts: Facts, now: number): Progress | undefined {
  const said = deployment.status?.conditions?.find(({ type }) => type === 'Progressing')
  const say = (status: Condition['status'], reason: string, message: string, isStep = false) => ({
    ...{ type: 'Progressing', status, reason, message, isStep },
  })
  if (deployment.spec.paused) return say('Unknown', 'DeploymentPaused', 'Deployment is paused')
  const set = `ReplicaSet "${facts.name}"`
  if (facts.isNew)
    return say('True', 'NewReplicaSetCreated', `Created new replica set "${facts.name}"`)
  if (facts.name === undefined) return undefined
  if (isComplete(deployment, facts.numbers))
    return say('True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`)
  if (said?.reason === 'DeploymentPaused')
    return say('Unknown', 'DeploymentResumed', 'Deployment is resumed')
  if (hasMoved(deployment.status ?? {}, facts.numbers))
    return say('True', 'ReplicaSetUpdated', `${set} is progressing.`, true)
  const deadline = deadlineOf(deployment, deployment.status?.conditions)
  if (said?.reason === 'ProgressDeadlineExceeded' || (deadline !== undefined && deadline <= now))
    return say('False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`)
  if (said?.reason === 'NewReplicaSetAvailable' || said === undefined)
    return say('True', 'ReplicaSetUpdated', `${set} is progressing.`)
  return undefined
}

function isComplete(deployment: Deployment, numbers: Status): boolean {
  const wanted = wantedBy(deployment)
  const { updatedReplicas, replicas, availableReplicas } = numbers
  return updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted
}

function hasMoved(before: Status, after: Status): boolean {
  const read = (status: Status, name: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') =>
    status[name] ?? 0
  const old = (status: Status) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  const grown = (['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const).some(
    (name) => read(after, name) > read(before, name),
  )
  return grown || old(after) < old(before)
}

function deadlineOf(
  { spec }: Deployment,
  conditions: readonly Condition[] | undefined,
): number | undefined {
  const said = conditions?.find(({ type }) => type === 'Progressing')
  const isResting = said?.status !== 'True' || said.reason === 'NewReplicaSetAvailable'
  const { progressDeadlineSeconds = 600, paused } = spec
  const since = parseTime(said?.lastUpdateTime ?? '')
  if (isResting || paused || since === undefined) return undefined
  return since + progressDeadlineSeconds * 1000
}
