import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  type Condition,
  type Decided,
  isPodEnded,
  isPodLeaving,
  isPodReady,
  type LabelSelector,
  scaled,
  statusEffect,
  withCondition,
} from '@argosy/kube/workload'

/** Kubernetes' PodDisruptionBudget. */
export interface Budget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: number | string
    readonly maxUnavailable?: number | string
    readonly selector?: LabelSelector
  }
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/**
 * What a PodDisruptionBudget allows now. `wanted` is how many pods the controllers of `pods` want together; undefined
 * when one of them cannot be asked.
 */
export function advanceBudget(
  budget: Budget,
  { pods, wanted }: { readonly pods: readonly Pod[]; readonly wanted: number | undefined },
  now: number,
): Decided {
  const counted = pods.filter((pod) => !isPodEnded(pod))
  const healthy = counted.filter((pod) => isPodReady(pod) && !isPodLeaving(pod)).length
  const { expected, desired } = needs(budget, counted.length, wanted)
  const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired)
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? 'True' : 'False',
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  }
  const status = {
    observedGeneration: budget.metadata.generation ?? 1,
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: allowed,
    expectedPods: expected,
    conditions: withCondition(budget.status?.conditions ?? [], condition, now),
  } as unknown as JsonObject
  return { effects: statusEffect(resources.podDisruptionBudgets, budget, status) }
}

/** A minimum in numbers counts the pods there are, everything else those that are wanted. */
function needs({ spec }: Budget, present: number, wanted: number | undefined) {
  const { minAvailable, maxUnavailable } = spec
  if (typeof minAvailable === 'number') return { expected: present, desired: minAvailable }
  const expected = wanted ?? present
  const most = scaled(maxUnavailable, expected, Math.ceil)
  if (most !== undefined) return { expected, desired: Math.max(0, expected - most) }
  return { expected, desired: scaled(minAvailable, expected, Math.ceil) ?? 1 }
}
