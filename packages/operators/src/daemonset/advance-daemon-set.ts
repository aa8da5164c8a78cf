import type { KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  createdAt,
  type Decided,
  type Effect,
  isPodActive,
  isPodEnded,
  isPodLeaving,
  isPodReady,
  type LabelSelector,
  oldRevisions,
  type PodTemplate,
  podAvailableAt,
  type Revision,
  removal,
  revise,
  revisionLabel,
  statusEffect,
  unnamedPodFrom,
} from '@argosy/kube/workload'
import { type DaemonNode, nodeOf, specAt, welcomeAt } from './daemon-nodes.ts'
import { type Daemons, nextTurn, type Rollout } from './daemon-rollout.ts'

/** Kubernetes' DaemonSet. */
export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector?: LabelSelector
    readonly template: PodTemplate
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit?: number
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: Rollout }
  }
  readonly status?: object
}

export interface DaemonSituation {
  readonly set: DaemonSet
  readonly pods: readonly Pod[]
  readonly revisions: readonly Revision[]
  readonly nodes: readonly DaemonNode[]
}

/** What a DaemonSet does next: one pod for each node that it wants and that takes it. */
export function advanceDaemonSet(situation: DaemonSituation, now: number): Decided {
  const { set, pods, revisions } = situation
  const update = revise(set, revisions)
  const seen = sight(situation, update.hash, now)
  const isGoing = set.metadata.deletionTimestamp !== undefined
  const used = pods.map(
    ({ metadata }) => `${set.metadata.name}-${metadata.labels?.[revisionLabel]}`,
  )
  const needed = new Set([update.name, ...used])
  return {
    effects: [
      ...update.effects,
      ...(isGoing ? [] : acts(set, seen, update.hash)),
      ...statusEffect(resources.daemonSets, set, statusOf(set, seen)),
      ...oldRevisions(revisions, needed, set.spec.revisionHistoryLimit ?? 10),
    ],
    wakeAt: seen.nextAt,
  }
}

interface Sight {
  /** One for each node that is to have a daemon. */
  readonly wanted: readonly Daemons[]
  /** Those that nobody wants where they are, or that have ended. */
  readonly doomed: readonly Pod[]
  /** Nodes that have daemons and should not. */
  readonly misplaced: number
  readonly isAvailable: (pod: Pod) => boolean
  readonly nextAt: number | undefined
}

function sight({ set, pods, nodes }: DaemonSituation, hash: string, now: number): Sight {
  const { template, minReadySeconds } = set.spec
  const at = new Map<string | undefined, Pod[]>()
  for (const pod of pods) at.set(nodeOf(pod), [...(at.get(nodeOf(pod)) ?? []), pod])
  const welcomes = nodes.map((node) => ({ node, ...welcomeAt(template.spec, node) }))
  const wanted = welcomes
    .filter(({ comes }) => comes)
    .map(({ node }) => daemonsAt(node.name, at.get(node.name) ?? [], hash))
  const staying = new Set(
    welcomes.filter(({ stays }) => stays).map(({ node }) => node.name as string | undefined),
  )
  const due = new Set(wanted.map(({ node }) => node as string | undefined))
  const strays = [...at].filter(([node]) => !due.has(node))
  const doomed = pods.filter(
    (pod) => !isPodLeaving(pod) && (isPodEnded(pod) || !staying.has(nodeOf(pod))),
  )
  const times = pods
    .filter(isPodActive)
    .flatMap((pod) => podAvailableAt(pod, minReadySeconds) ?? [])
  const later = times.filter((time) => time > now)
  return {
    wanted,
    doomed: [...doomed, ...wanted.flatMap(surplus)],
    misplaced: strays.filter(([, there]) => there.some(isPodActive)).length,
    isAvailable: (pod) => (podAvailableAt(pod, minReadySeconds) ?? Infinity) <= now,
    nextAt: later.length === 0 ? undefined : Math.min(...later),
  }
}

function daemonsAt(node: string, pods: readonly Pod[], hash: string): Daemons {
  const active = pods.filter(isPodActive).sort((a, b) => createdAt(a) - createdAt(b))
  const isFresh = ({ metadata }: Pod) => metadata.labels?.[revisionLabel] === hash
  return {
    node,
    fresh: active.filter(isFresh),
    stale: active.filter((pod) => !isFresh(pod)),
    isTaken: pods.length > 0,
  }
}

/** Of each template one is enough. */
function surplus({ fresh, stale }: Daemons): readonly Pod[] {
  return [...fresh.slice(1), ...stale.slice(1)]
}

function acts(set: DaemonSet, seen: Sight, hash: string): readonly Effect[] {
  const { updateStrategy } = set.spec
  const { wanted, doomed, isAvailable } = seen
  const isRolling = updateStrategy?.type !== 'OnDelete'
  const turn = isRolling
    ? nextTurn(updateStrategy?.rollingUpdate ?? {}, { all: wanted, isAvailable })
    : { create: [], remove: [] }
  // The next one comes when the last one is gone: both would want the same ports.
  const empty = wanted.filter(({ isTaken }) => !isTaken).map(({ node }) => node)
  const leaving = new Set([...doomed, ...turn.remove])
  return [
    ...[...leaving].map((pod) => removal(resources.pods, pod)),
    ...[...empty, ...turn.create].map((node) => creation(set, node, hash)),
  ]
}

function creation(set: DaemonSet, node: string, hash: string): Effect {
  const pod = unnamedPodFrom(set, set.spec.template)
  const labels = { ...pod.metadata.labels, [revisionLabel]: hash }
  const object = { ...pod, metadata: { ...pod.metadata, labels }, spec: specAt(pod.spec, node) }
  return { do: 'create', resource: resources.pods, object }
}

function statusOf(set: DaemonSet, { wanted, misplaced, isAvailable }: Sight) {
  const count = (test: (one: Daemons) => boolean) => wanted.filter(test).length
  const some = (test: (pod: Pod) => boolean) =>
    count(({ fresh, stale }) => [...fresh, ...stale].some(test))
  const available = some(isAvailable)
  return {
    observedGeneration: set.metadata.generation ?? 1,
    desiredNumberScheduled: wanted.length,
    currentNumberScheduled: some(() => true),
    numberMisscheduled: misplaced,
    numberReady: some(isPodReady),
    updatedNumberScheduled: count(({ fresh }) => fresh.length > 0) || null,
    numberAvailable: available || null,
    numberUnavailable: wanted.length - available || null,
  }
}
