import type { KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  availability,
  type Decided,
  type Effect,
  isPodEnded,
  isPodLeaving,
  isPodReady,
  type LabelSelector,
  oldRevisions,
  type PodTemplate,
  type Revision,
  removal,
  revise,
  revisionLabel,
  statusEffect,
  unnamedPodFrom,
} from '@argosy/kube/workload'

/** Kubernetes' DaemonSet. */
export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector?: LabelSelector
    readonly template: PodTemplate
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit?: number
    readonly updateStrategy?: { readonly type?: string }
  }
  readonly status?: object
}

export interface DaemonSituation {
  readonly set: DaemonSet
  readonly pods: readonly Pod[]
  readonly revisions: readonly Revision[]
  /** Labels of the nodes; there is one machine, whatever they are. */
  readonly nodes: readonly Readonly<Record<string, string>>[]
}

/** What a DaemonSet does next: one machine, one pod. */
export function advanceDaemonSet(situation: DaemonSituation, now: number): Decided {
  const { set, pods, revisions } = situation
  const update = revise(set, revisions)
  const wanted = isWanted(situation) ? 1 : 0
  const present = pods.filter((pod) => !isPodLeaving(pod))
  const isNew = (pod: Pod) => pod.metadata.labels?.[revisionLabel] === update.hash
  const keeps = (pod: Pod) =>
    !isPodEnded(pod) && (isNew(pod) || set.spec.updateStrategy?.type === 'OnDelete')
  const kept = present.filter(keeps).slice(0, wanted)
  const doomed = present.filter((pod) => !kept.includes(pod))
  const isLeaving = set.metadata.deletionTimestamp !== undefined
  const acts = isLeaving
    ? []
    : [
        ...doomed.map((pod) => removal(resources.pods, pod)),
        ...missing(set, pods, { wanted, hash: update.hash }),
      ]
  const scheduled = Math.min(wanted, present.length)
  const ready = availability(present, set.spec.minReadySeconds, now)
  const available = Math.min(scheduled, ready.available)
  const status = {
    observedGeneration: set.metadata.generation ?? 1,
    desiredNumberScheduled: wanted,
    currentNumberScheduled: scheduled,
    numberMisscheduled: present.length - scheduled,
    numberReady: Math.min(scheduled, present.filter(isPodReady).length),
    updatedNumberScheduled: Math.min(scheduled, present.filter(isNew).length) || null,
    numberAvailable: available || null,
    numberUnavailable: wanted - available || null,
  }
  const used = pods.map(
    ({ metadata }) => `${set.metadata.name}-${metadata.labels?.[revisionLabel]}`,
  )
  const needed = new Set([update.name, ...used])
  return {
    effects: [
      ...update.effects,
      ...acts,
      ...statusEffect(resources.daemonSets, set, status),
      ...oldRevisions(revisions, needed, set.spec.revisionHistoryLimit ?? 10),
    ],
    wakeAt: ready.nextAt,
  }
}

function isWanted({ set, nodes }: DaemonSituation): boolean {
  const selector = Object.entries(set.spec.template.spec.nodeSelector ?? {})
  if (nodes.length === 0) return true
  return nodes.some((labels) => selector.every(([name, value]) => labels[name] === value))
}

/** A machine that takes no new pods, or is in want, keeps its daemons. */
const ownTolerations = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
].map(([name, effect]) => ({
  ...{ key: `node.kubernetes.io/${name}`, operator: 'Exists' },
  effect: effect ?? '',
}))

/** The next one comes when the last one is gone: both would want the same ports. */
function missing(
  set: DaemonSet,
  pods: readonly Pod[],
  { wanted, hash }: { readonly wanted: number; readonly hash: string },
): readonly Effect[] {
  if (wanted === 0 || pods.length > 0) return []
  const pod = unnamedPodFrom(set, set.spec.template)
  const labels = { ...pod.metadata.labels, [revisionLabel]: hash }
  const tolerations = [...(pod.spec.tolerations ?? []), ...ownTolerations]
  const object = {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...pod.spec, tolerations },
  }
  return [{ do: 'create', resource: resources.pods, object }]
}
