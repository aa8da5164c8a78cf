import type { JsonObject, KubeObject, ObjectMeta, Pod } from '@argosy/engine'
import type { LabelSelector, PodTemplate } from '@argosy/kube/workload'

/** Kubernetes' StatefulSet. */
export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly serviceName?: string
    readonly selector?: LabelSelector
    readonly template: PodTemplate
    readonly podManagementPolicy?: string
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit?: number
    readonly ordinals?: { readonly start?: number }
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: {
        readonly partition?: number
        readonly maxUnavailable?: number | string
      }
    }
    readonly volumeClaimTemplates?: readonly ClaimTemplate[]
    readonly persistentVolumeClaimRetentionPolicy?: {
      readonly whenDeleted?: string
      readonly whenScaled?: string
    }
  }
  readonly status?: {
    readonly currentRevision?: string
    readonly updateRevision?: string
    readonly [name: string]: unknown
  }
}

export interface ClaimTemplate {
  readonly metadata: ObjectMeta
  readonly spec: JsonObject
}

/** The number at the end of a pod's name; NaN of a pod that is none of the set's. */
export function ordinalOf({ metadata }: StatefulSet, pod: Pod): number {
  const prefix = `${metadata.name}-`
  const { name = '' } = pod.metadata
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return /^\d+$/.test(rest) ? Number(rest) : Number.NaN
}

export function startOf({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0
}

export function isOrdered({ spec }: StatefulSet): boolean {
  return spec.podManagementPolicy !== 'Parallel'
}
