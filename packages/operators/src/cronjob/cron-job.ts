import type { JsonObject, KubeObject, ObjectMeta } from '@argosy/engine'
import type { Condition } from '@argosy/kube/workload'

/** Kubernetes' CronJob. */
export interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string
    readonly timeZone?: string
    readonly startingDeadlineSeconds?: number
    readonly concurrencyPolicy?: string
    readonly suspend?: boolean
    readonly successfulJobsHistoryLimit?: number
    readonly failedJobsHistoryLimit?: number
    readonly jobTemplate: { readonly metadata?: ObjectMeta; readonly spec: JsonObject }
  }
  readonly status?: {
    readonly active?: readonly JsonObject[]
    readonly lastScheduleTime?: string
    readonly lastSuccessfulTime?: string
  }
}

/** What of a Job counts here. */
export interface CronRun extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly completionTime?: string }
}
