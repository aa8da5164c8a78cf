import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import type { Condition, LabelSelector, PodTemplate } from '@argosy/kube/workload'

/** Kubernetes' Job, as far as its controller reads it. */
export interface Job extends KubeObject {
  readonly spec: JobSpec
  readonly status?: JobStatus
}

export interface JobSpec {
  readonly completions?: number
  readonly parallelism?: number
  readonly backoffLimit?: number
  readonly activeDeadlineSeconds?: number
  readonly ttlSecondsAfterFinished?: number
  readonly suspend?: boolean
  readonly completionMode?: string
  readonly podReplacementPolicy?: string
  readonly podFailurePolicy?: { readonly rules: readonly FailureRule[] }
  readonly manualSelector?: boolean
  readonly managedBy?: string
  readonly selector?: LabelSelector
  readonly template: PodTemplate
  readonly backoffLimitPerIndex?: number
  readonly maxFailedIndexes?: number
  readonly successPolicy?: JsonObject
}

export interface FailureRule {
  readonly action: string
  readonly onExitCodes?: {
    readonly containerName?: string
    readonly operator: string
    readonly values: readonly number[]
  }
  readonly onPodConditions?: readonly { readonly type: string; readonly status?: string }[]
}

export interface JobStatus {
  readonly active?: number
  readonly ready?: number
  readonly terminating?: number
  readonly succeeded?: number
  readonly failed?: number
  readonly startTime?: string
  readonly completionTime?: string
  readonly completedIndexes?: string
  readonly conditions?: readonly Condition[]
  readonly uncountedTerminatedPods?: {
    readonly succeeded?: readonly string[]
    readonly failed?: readonly string[]
  }
}

/** Keeps a pod that has ended until it is counted. */
export const tracking = 'batch.kubernetes.io/job-tracking'

export const indexKey = 'batch.kubernetes.io/job-completion-index'

export const jobNameKey = 'batch.kubernetes.io/job-name'

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(tracking) ?? false
}

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed'
}

export function indexOf({ metadata }: Pod): number {
  return Number(metadata.annotations?.[indexKey] ?? Number.NaN)
}
