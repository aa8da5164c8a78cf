import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Condition, type LabelSelector, type PodTemplate, scaled } from '@argosy/kube/workload'

/** Kubernetes' Deployment. */
export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector?: LabelSelector
    readonly template: PodTemplate
    readonly strategy?: {
      readonly type?: string
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string
        readonly maxUnavailable?: number | string
      }
    }
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit?: number
    readonly progressDeadlineSeconds?: number
    readonly paused?: boolean
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly unavailableReplicas?: number
    readonly conditions?: readonly Condition[]
  }
}

/** What a Deployment knows of its ReplicaSets. */
export interface OwnSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly minReadySeconds?: number
    readonly selector?: LabelSelector
    readonly template: PodTemplate
  }
  readonly status?: JsonObject & {
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly observedGeneration?: number
  }
}

export const revisionKey = 'deployment.kubernetes.io/revision'
export const historyKey = 'deployment.kubernetes.io/revision-history'
export const desiredKey = 'deployment.kubernetes.io/desired-replicas'
export const maxKey = 'deployment.kubernetes.io/max-replicas'
export const hashKey = 'pod-template-hash'

export function wantedBy({ spec }: Deployment): number {
  return spec.replicas ?? 1
}

export function sizeOf({ spec }: OwnSet): number {
  return spec.replicas ?? 1
}

export function sum(sets: readonly OwnSet[], of: (set: OwnSet) => number): number {
  return sets.reduce((total, set) => total + of(set), 0)
}

export const availableIn = ({ status }: OwnSet): number => status?.availableReplicas ?? 0

export function isRolling({ spec }: Deployment): boolean {
  return spec.strategy?.type !== 'Recreate'
}

/** How many pods there may be too many, and how many too few; never neither. */
export function bounds(deployment: Deployment): {
  readonly surge: number
  readonly unavailable: number
} {
  if (!isRolling(deployment)) return { surge: 0, unavailable: wantedBy(deployment) }
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {}
  const wanted = wantedBy(deployment)
  const surge = scaled(maxSurge, wanted, Math.ceil) ?? 0
  const unavailable = scaled(maxUnavailable, wanted, Math.floor) ?? 0
  if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 }
  return { surge, unavailable: Math.min(unavailable, wanted) }
}

export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[revisionKey] ?? 0)
}
