import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  controllerOf,
  createdAt,
  type Decided,
  type Effect,
  refOf,
  removal,
  statusEffect,
} from '@argosy/kube/workload'
import {
  type Deployment,
  isRolling,
  type OwnSet,
  revisionOf,
  sizeOf,
  wantedBy,
} from './deployment.ts'
import { standingOf } from './deployment-status.ts'
import { createSet, findNewSet, keepRevision, markRevision, sizes } from './new-set.ts'
import { isScaled, newSize, recreate, rescale, roll, type Sizes } from './sizing.ts'

/** What a Deployment and all that is its own look like. */
export interface DeploymentSituation {
  readonly deployment: Deployment
  readonly sets: readonly OwnSet[]
  /** Of these sets. */
  readonly pods: readonly Pod[]
}

/** What a Deployment does next: one step at a time, each seen in its sets before the next. */
export function advanceDeployment(
  { deployment, sets, pods }: DeploymentSituation,
  now: number,
): Decided {
  const current = findNewSet(deployment, sets)
  const old = sets.filter((set) => set !== current)
  const isLeaving = deployment.metadata.deletionTimestamp !== undefined
  const step = isLeaving ? nothing : next({ deployment, current, old, pods })
  const made = step.effects.find((effect) => effect.do === 'create')
  const created = made?.do === 'create' ? made.object.metadata.name : undefined
  const { status, deadline } = standingOf(deployment, current, { all: sets, created }, now)
  return {
    effects: [...step.effects, ...statusEffect(resources.deployments, deployment, status)],
    wakeAt: deadline !== undefined && deadline > now ? deadline : undefined,
  }
}

interface Situation {
  readonly deployment: Deployment
  readonly current: OwnSet | undefined
  readonly old: readonly OwnSet[]
  readonly pods: readonly Pod[]
}

interface Step {
  readonly effects: readonly Effect[]
}

const nothing: Step = { effects: [] }

function next(situation: Situation): Step {
  const { deployment, current, old } = situation
  const all = current ? [current, ...old] : old
  const kept = current ? keepRevision(deployment, current, old) : []
  if (deployment.spec.paused || isScaled(deployment, all)) {
    const resized = resize(deployment, rescale(deployment, current, old), all)
    return { effects: [...kept, ...resized] }
  }
  const change = isRolling(deployment) ? rolled(situation) : recreated(situation)
  const resized = 'get' in change ? resize(deployment, change, all) : change
  const isQuiet = resized.length === 0
  return { effects: [...kept, ...resized, ...(isQuiet ? forget(situation) : [])] }
}

function rolled({ deployment, current, old }: Situation): Sizes | readonly Effect[] {
  if (current) return roll(deployment, current, old)
  return started(deployment, old, newSize(deployment, undefined, old))
}

function recreated({ deployment, current, old, pods }: Situation): Sizes | readonly Effect[] {
  const oldPods = pods.filter((pod) => controllerOf(pod)?.uid !== current?.metadata.uid)
  const change = recreate(deployment, current, { old, oldPods })
  if (change === 'wait') return []
  if (current || change.size > 0) return change
  return started(deployment, old, wantedBy(deployment))
}

function started(deployment: Deployment, old: readonly OwnSet[], size: number): readonly Effect[] {
  const create = createSet(deployment, old, size)
  const revision = Math.max(0, ...old.map(revisionOf)) + 1
  const name = create.do === 'create' ? create.object.metadata.name : ''
  return [create, scaledEvent(name ?? '', 0, size), ...markRevision(deployment, revision)]
}

function resize(deployment: Deployment, wanted: Sizes, all: readonly OwnSet[]): readonly Effect[] {
  const annotations = sizes(deployment)
  return all.flatMap((set): Effect[] => {
    const size = wanted.get(set) ?? sizeOf(set)
    const isNoted = Object.entries(annotations).every(
      ([name, value]) => set.metadata.annotations?.[name] === value,
    )
    const isActive = size > 0 || wanted.has(set)
    if (size === sizeOf(set) && (isNoted || !isActive)) return []
    const ref = refOf(resources.replicaSets, set)
    const patch: Effect = {
      do: 'patch',
      ref,
      body: { metadata: { annotations }, spec: { replicas: size } },
    }
    if (size === sizeOf(set)) return [patch]
    return [patch, scaledEvent(set.metadata.name ?? '', sizeOf(set), size)]
  })
}

function scaledEvent(name: string, from: number, to: number): Effect {
  const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`
  return { do: 'event', type: 'Normal', reason: 'ScalingReplicaSet', message }
}

/** Empty sets beyond revisionHistoryLimit, the oldest first, once the new one is all there is. */
function forget({ deployment, current, old }: Situation): readonly Effect[] {
  const { revisionHistoryLimit = 10 } = deployment.spec
  const isDone = current !== undefined && current.status?.availableReplicas === wantedBy(deployment)
  if (!isDone && wantedBy(deployment) > 0) return []
  const empty = old
    .filter((set) => sizeOf(set) === 0 && (set.status?.replicas ?? 0) === 0)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .sort((a, b) => revisionOf(a) - revisionOf(b) || createdAt(a) - createdAt(b))
  const extra = empty.slice(0, Math.max(0, empty.length - revisionHistoryLimit))
  return extra.map((set) =>
    removal(resources.replicaSets, set, { propagationPolicy: 'Background' }),
  )
}
