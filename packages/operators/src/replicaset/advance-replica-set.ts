import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  availability,
  createdAt,
  type Decided,
  type Effect,
  isPodActive,
  isPodReady,
  type LabelSelector,
  type PodTemplate,
  podAvailableAt,
  removal,
  statusEffect,
  unnamedPodFrom,
} from '@argosy/kube/workload'

/** Kubernetes' ReplicaSet. */
export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly minReadySeconds?: number
    readonly selector?: LabelSelector
    readonly template: PodTemplate
  }
  readonly status?: JsonObject
}

/** What is made in one look at most. */
const atOnce = 500

/** What a ReplicaSet does next. `pods` are all that are its own. */
export function advanceReplicaSet(set: ReplicaSet, pods: readonly Pod[], now: number): Decided {
  const active = pods.filter(isPodActive)
  const { minReadySeconds } = set.spec
  const { available, nextAt } = availability(active, minReadySeconds, now)
  const labels = Object.entries(set.spec.template.metadata?.labels ?? {})
  const full = active.filter(({ metadata }) =>
    labels.every(([name, value]) => metadata.labels?.[name] === value),
  )
  const status = {
    replicas: active.length,
    fullyLabeledReplicas: full.length || null,
    readyReplicas: active.filter(isPodReady).length || null,
    availableReplicas: available || null,
    observedGeneration: set.metadata.generation ?? null,
  }
  // The status comes first: who is refused a pod still says how it stands.
  const effects = [...statusEffect(resources.replicaSets, set, status), ...scaling(set, active)]
  return { effects, wakeAt: nextAt }
}

function scaling(set: ReplicaSet, active: readonly Pod[]): readonly Effect[] {
  const { replicas = 1, template } = set.spec
  if (set.metadata.deletionTimestamp !== undefined) return []
  if (active.length < replicas) {
    const object = unnamedPodFrom(set, template)
    const effect: Effect = { do: 'create', resource: resources.pods, object }
    return Array.from({ length: Math.min(atOnce, replicas - active.length) }, () => effect)
  }
  const doomed = [...active].sort(cheapestFirst).slice(0, active.length - replicas)
  return doomed.map((pod) => removal(resources.pods, pod))
}

/** Upstream's order of regret: not running, not ready, cheap by annotation, young. */
function cheapestFirst(a: Pod, b: Pod): number {
  return (
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    Number(a.status?.phase === 'Running') - Number(b.status?.phase === 'Running') ||
    Number(isPodReady(a)) - Number(isPodReady(b)) ||
    costOf(a) - costOf(b) ||
    (podAvailableAt(b) ?? 0) - (podAvailableAt(a) ?? 0) ||
    createdAt(b) - createdAt(a) ||
    (a.metadata.name ?? '').localeCompare(b.metadata.name ?? '')
  )
}

function costOf({ metadata }: Pod): number {
  return Number(metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
}
