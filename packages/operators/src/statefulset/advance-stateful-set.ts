import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  availability,
  type Decided,
  type Effect,
  isPodEnded,
  isPodLeaving,
  isPodReady,
  oldRevisions,
  type Revised,
  type Revision,
  removal,
  revise,
  revisionLabel,
  scaled,
  statusEffect,
  templateIn,
} from '@argosy/kube/workload'
import { claimName, podEffects } from './identity.ts'
import { isOrdered, ordinalOf, type StatefulSet, startOf } from './stateful-set.ts'

/** What a StatefulSet and all that is its own look like. */
export interface StatefulSituation {
  readonly set: StatefulSet
  readonly pods: readonly Pod[]
  readonly revisions: readonly Revision[]
}

/** What a StatefulSet does next. */
export function advanceStatefulSet(situation: StatefulSituation, now: number): Decided {
  const { set, revisions } = situation
  const update = revise(set, revisions)
  const pods = withOrdinals(situation)
  const all = pods.map(({ pod }) => pod)
  const ready = availability(all, set.spec.minReadySeconds, now)
  const turn: Turn = { ...situation, update, pods, available: ready.available }
  const isLeaving = set.metadata.deletionTimestamp !== undefined
  return {
    effects: [
      ...update.effects,
      ...(isLeaving ? [] : act(turn)),
      ...statusEffect(resources.statefulSets, set, statusOf(turn)),
      ...forget(turn),
    ],
    wakeAt: ready.nextAt,
  }
}

interface Numbered {
  readonly ordinal: number
  readonly pod: Pod
}

interface Turn {
  readonly set: StatefulSet
  readonly pods: readonly Numbered[]
  readonly revisions: readonly Revision[]
  readonly update: Revised
  readonly available: number
}

function withOrdinals({ set, pods }: StatefulSituation): readonly Numbered[] {
  return pods
    .map((pod) => ({ pod, ordinal: ordinalOf(set, pod) }))
    .filter(({ ordinal }) => !Number.isNaN(ordinal))
    .sort((a, b) => a.ordinal - b.ordinal)
}

/** One step when pods come one after the other, every step otherwise. */
function act(turn: Turn): readonly Effect[] {
  const { set } = turn
  const steps = [...growing(turn), ...shrinking(turn)]
  const [first] = steps
  if (isOrdered(set)) return first ?? (isBusy(turn) ? [] : updating(turn))
  return steps.length > 0 ? steps.flat() : updating(turn)
}

function ordinalsOf({ set }: Turn): readonly number[] {
  const start = startOf(set)
  return Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => start + index)
}

/** Missing pods, and those that have ended, from the lowest on; in order nobody comes before the one below is ready. */
function* growing(turn: Turn): Iterable<readonly Effect[]> {
  const { set, pods } = turn
  const byOrdinal = new Map(pods.map((one) => [one.ordinal, one.pod]))
  for (const ordinal of ordinalsOf(turn)) {
    const pod = byOrdinal.get(ordinal)
    const needs = pod
      ? mending(turn, { ordinal, pod })
      : podEffects(set, ordinal, templateFor(turn, ordinal))
    if (needs !== undefined) yield needs
  }
}

/** Nothing, when the pod is as it should be; no effects, when one has to wait for it. */
function mending(turn: Turn, one: Numbered): readonly Effect[] | undefined {
  const { pod } = one
  if (isPodEnded(pod) && !isPodLeaving(pod)) return [removed(pod)]
  if (!isOrdered(turn.set) || isHealthy(pod)) return undefined
  // A broken revision would block its own repair.
  return !isPodLeaving(pod) && isStale(turn, one) ? [removed(pod)] : []
}

function templateFor({ set, revisions, update }: Turn, ordinal: number) {
  const { currentRevision } = set.status ?? {}
  const before = revisions.find(({ metadata }) => metadata.name === currentRevision)
  const template = before && templateIn(before)
  if (ordinal < partitionOf(set) && template && currentRevision)
    return { template, revision: currentRevision }
  return { template: set.spec.template, revision: update.name }
}

function partitionOf({ spec }: StatefulSet): number {
  return spec.updateStrategy?.rollingUpdate?.partition ?? 0
}

/** Pods that are too many, from the highest down. */
function* shrinking(turn: Turn): Iterable<readonly Effect[]> {
  const { set, pods } = turn
  const wanted = new Set(ordinalsOf(turn))
  for (const { pod, ordinal } of [...pods].reverse()) {
    if (wanted.has(ordinal)) continue
    yield isPodLeaving(pod) ? [] : [removed(pod), ...unclaimed(set, ordinal)]
  }
}

function unclaimed(set: StatefulSet, ordinal: number): readonly Effect[] {
  if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return []
  const { namespace = '' } = set.metadata
  const resource = resources.persistentVolumeClaims
  return (set.spec.volumeClaimTemplates ?? []).map((one) => ({
    do: 'remove',
    ref: { resource, namespace, name: claimName(set, one, ordinal) },
  }))
}

/** Pods of an older template go, from the highest down; no more may be missing than allowed. */
function updating(turn: Turn): readonly Effect[] {
  const { set, pods } = turn
  if (set.spec.updateStrategy?.type === 'OnDelete') return []
  const { maxUnavailable } = set.spec.updateStrategy?.rollingUpdate ?? {}
  const allowed = Math.max(1, scaled(maxUnavailable, set.spec.replicas ?? 1, Math.ceil) ?? 1)
  const missing = pods.filter(({ pod }) => !isHealthy(pod)).length
  const stale = pods.filter((one) => isStale(turn, one) && !isPodLeaving(one.pod))
  const doomed = stale.reverse().slice(0, Math.max(0, allowed - missing))
  const broken = stale.filter(({ pod }) => !isHealthy(pod))
  return [...new Set([...doomed, ...broken])].map(({ pod }) => removed(pod))
}

function isStale({ set, update }: Turn, { pod, ordinal }: Numbered): boolean {
  if (set.spec.updateStrategy?.type === 'OnDelete' || ordinal < partitionOf(set)) return false
  return pod.metadata.labels?.[revisionLabel] !== update.name
}

function isBusy({ pods }: Turn): boolean {
  return pods.some(({ pod }) => !isHealthy(pod))
}

function isHealthy(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isPodReady(pod) && !isPodLeaving(pod)
}

function removed(pod: Pod): Effect {
  return removal(resources.pods, pod)
}

function statusOf(turn: Turn) {
  const { set, pods, update, available } = turn
  const of = (name: string) =>
    pods.filter(({ pod }) => pod.metadata.labels?.[revisionLabel] === name && !isPodLeaving(pod))
      .length
  const updated = of(update.name)
  const isDone = updated === (set.spec.replicas ?? 1) && !isBusy(turn) && partitionOf(set) === 0
  const before = set.status?.currentRevision
  const currentRevision = before === undefined || isDone ? update.name : before
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    readyReplicas: pods.filter(({ pod }) => isPodReady(pod)).length || null,
    availableReplicas: available,
    currentReplicas: of(currentRevision) || null,
    updatedReplicas: updated || null,
    currentRevision,
    updateRevision: update.name,
    collisionCount: 0,
  }
}

function forget({ set, pods, revisions, update }: Turn): readonly Effect[] {
  const { currentRevision = '' } = set.status ?? {}
  const used = pods.map(({ pod }) => pod.metadata.labels?.[revisionLabel] ?? '')
  const needed = new Set([update.name, currentRevision, ...used])
  return oldRevisions(revisions, needed, set.spec.revisionHistoryLimit ?? 10)
}
