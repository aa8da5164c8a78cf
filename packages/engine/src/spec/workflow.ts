import type { Json, JsonObject } from './json.ts'
import type { KubeObject } from './meta.ts'
import type { Container, KeySelector, Resources, Volume, VolumeMount } from './pod.ts'
import type { WorkflowStatus } from './status.ts'
import type { Memoize, Synchronization } from './synchronization.ts'

/** argoproj.io/v1alpha1, reference: Argo Workflows 4.1. Unknown fields survive the round trip. */
export interface Workflow extends KubeObject {
  readonly spec: WorkflowSpec
  readonly status?: WorkflowStatus
}

export interface WorkflowTemplate extends KubeObject {
  readonly spec: WorkflowSpec
}

export interface WorkflowSpec {
  readonly entrypoint?: string
  readonly templates?: readonly Template[]
  readonly arguments?: Arguments
  readonly workflowTemplateRef?: WorkflowTemplateRef
  readonly onExit?: string
  readonly hooks?: Readonly<Record<string, LifecycleHook>>
  readonly suspend?: boolean
  readonly shutdown?: 'Stop' | 'Terminate' | ''
  readonly parallelism?: number
  readonly priority?: number
  readonly activeDeadlineSeconds?: number
  readonly retryStrategy?: RetryStrategy
  readonly templateDefaults?: Template
  readonly podMetadata?: Metadata
  readonly workflowMetadata?: WorkflowMetadata
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken?: boolean
  readonly executor?: { readonly serviceAccountName?: string }
  readonly volumes?: readonly Volume[]
  readonly volumeClaimTemplates?: readonly JsonObject[]
  readonly volumeClaimGC?: { readonly strategy?: string }
  readonly podDisruptionBudget?: JsonObject
  readonly podResources?: Resources
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly affinity?: JsonObject
  readonly tolerations?: readonly JsonObject[]
  readonly imagePullSecrets?: readonly JsonObject[]
  readonly hostNetwork?: boolean
  readonly dnsPolicy?: string
  readonly dnsConfig?: JsonObject
  readonly schedulerName?: string
  readonly podPriorityClassName?: string
  readonly hostAliases?: readonly JsonObject[]
  readonly securityContext?: JsonObject
  readonly podSpecPatch?: string
  readonly archiveLogs?: boolean
  readonly artifactRepositoryRef?: { readonly configMap?: string; readonly key?: string }
  readonly ttlStrategy?: JsonObject
  readonly podGC?: JsonObject
  readonly artifactGC?: JsonObject
  readonly synchronization?: Synchronization
  readonly metrics?: MetricsSpec
  readonly [other: string]: unknown
}

export interface Metadata {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface WorkflowMetadata extends Metadata {
  readonly labelsFrom?: Readonly<Record<string, { readonly expression: string }>>
}

export interface WorkflowTemplateRef {
  readonly name: string
  readonly clusterScope?: boolean
}

export interface TemplateRef {
  readonly name?: string
  readonly template?: string
  readonly clusterScope?: boolean
}

export interface LifecycleHook {
  readonly template?: string
  readonly templateRef?: TemplateRef
  readonly arguments?: Arguments
  readonly expression?: string
}

export type TemplateKind =
  | 'container'
  | 'containerSet'
  | 'steps'
  | 'dag'
  | 'script'
  | 'resource'
  | 'data'
  | 'suspend'
  | 'http'
  | 'plugin'

export interface Template {
  readonly name?: string
  readonly metadata?: Metadata
  readonly annotations?: Readonly<Record<string, string>>
  readonly inputs?: Inputs
  readonly outputs?: Outputs
  readonly container?: Container
  readonly script?: Container & { readonly source: string }
  readonly steps?: readonly (readonly Step[])[]
  readonly dag?: DagTemplate
  readonly suspend?: { readonly duration?: string | number }
  readonly containerSet?: ContainerSetTemplate
  readonly resource?: JsonObject
  readonly data?: JsonObject
  readonly http?: JsonObject
  readonly plugin?: JsonObject
  readonly archiveLocation?: ArtifactLocation & { readonly archiveLogs?: boolean }
  readonly daemon?: boolean
  readonly activeDeadlineSeconds?: number | string
  readonly timeout?: string
  readonly pendingTimeout?: string
  readonly retryStrategy?: RetryStrategy
  readonly parallelism?: number
  readonly failFast?: boolean
  readonly synchronization?: Synchronization
  readonly memoize?: Memoize
  readonly metrics?: MetricsSpec
  readonly volumes?: readonly Volume[]
  readonly initContainers?: readonly Container[]
  readonly sidecars?: readonly Container[]
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly affinity?: JsonObject
  readonly tolerations?: readonly JsonObject[]
  readonly schedulerName?: string
  readonly priorityClassName?: string
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken?: boolean
  readonly executor?: { readonly serviceAccountName?: string }
  readonly hostAliases?: readonly JsonObject[]
  readonly securityContext?: JsonObject
  readonly podSpecPatch?: string
  readonly podResources?: Resources
  readonly [other: string]: unknown
}

/** Metrics that users define; upstream publishes them as `argo_workflows_<name>`. */
export interface MetricsSpec {
  readonly prometheus?: readonly Prometheus[]
}

export interface Prometheus {
  readonly name: string
  readonly help?: string
  readonly labels?: readonly { readonly key: string; readonly value: string }[]
  readonly when?: string
  readonly gauge?: {
    readonly value: string
    readonly realtime?: boolean
    readonly operation?: 'Set' | 'Add' | 'Sub'
  }
  readonly histogram?: { readonly value: string; readonly buckets?: readonly (number | string)[] }
  readonly counter?: { readonly value: string }
}

/** Several containers in one pod that wait for each other. */
export interface ContainerSetTemplate {
  readonly containers: readonly ContainerNode[]
  readonly volumeMounts?: readonly VolumeMount[]
  readonly retryStrategy?: {
    readonly retries?: string | number
    readonly duration?: string
  }
}

export interface ContainerNode extends Container {
  readonly dependencies?: readonly string[]
}

/** What a step and a DAG task share. */
export interface Invocation {
  readonly name: string
  readonly template?: string
  readonly templateRef?: TemplateRef
  readonly inline?: Template
  readonly arguments?: Arguments
  readonly withItems?: readonly Json[]
  readonly withParam?: string
  readonly withSequence?: Sequence
  readonly when?: string
  readonly continueOn?: ContinueOn
  readonly onExit?: string
  readonly hooks?: Readonly<Record<string, LifecycleHook>>
}

export type Step = Invocation

export interface DagTask extends Invocation {
  readonly dependencies?: readonly string[]
  readonly depends?: string
}

export interface DagTemplate {
  readonly target?: string
  readonly tasks: readonly DagTask[]
  readonly failFast?: boolean
}

export interface ContinueOn {
  readonly error?: boolean
  readonly failed?: boolean
}

export interface Sequence {
  readonly count?: string | number
  readonly start?: string | number
  readonly end?: string | number
  readonly format?: string
}

export interface RetryStrategy {
  readonly limit?: string | number
  readonly retryPolicy?: 'Always' | 'OnFailure' | 'OnError' | 'OnTransientError' | ''
  readonly backoff?: {
    readonly duration?: string | number
    readonly factor?: string | number
    readonly maxDuration?: string | number
    readonly cap?: string | number
  }
  readonly affinity?: JsonObject
  readonly expression?: string
}

export interface Arguments {
  readonly parameters?: readonly Parameter[]
  readonly artifacts?: readonly Artifact[]
}

export type Inputs = Arguments

export interface Outputs {
  readonly parameters?: readonly Parameter[]
  readonly artifacts?: readonly Artifact[]
  readonly result?: string
  readonly exitCode?: string
}

export interface Parameter {
  readonly name: string
  readonly value?: string
  readonly default?: string
  readonly enum?: readonly string[]
  readonly description?: string
  readonly globalName?: string
  readonly valueFrom?: ValueFrom
}

export interface ValueFrom {
  readonly path?: string
  readonly jsonPath?: string
  readonly jqFilter?: string
  readonly event?: string
  readonly parameter?: string
  readonly supplied?: JsonObject
  readonly configMapKeyRef?: KeySelector
  readonly default?: string
  readonly expression?: string
}

/** Where an artifact's bytes are: at most one of these. */
export interface ArtifactLocation {
  readonly s3?: JsonObject
  readonly gcs?: JsonObject
  readonly azure?: JsonObject
  readonly oss?: JsonObject
  readonly artifactory?: JsonObject
  readonly hdfs?: JsonObject
  readonly git?: JsonObject
  readonly http?: JsonObject
  readonly raw?: { readonly data: string }
  readonly plugin?: JsonObject
  /** Ours: the embedded default repository, a key under the data directory. */
  readonly disk?: { readonly key: string }
}

export interface Artifact extends ArtifactLocation {
  readonly name: string
  readonly path?: string
  readonly mode?: number
  readonly recurseMode?: boolean
  readonly from?: string
  readonly fromExpression?: string
  readonly globalName?: string
  readonly optional?: boolean
  readonly subPath?: string
  readonly archive?: ArchiveStrategy
  readonly archiveLogs?: boolean
  readonly artifactGC?: JsonObject
  readonly deleted?: boolean
}

export interface ArchiveStrategy {
  readonly none?: JsonObject
  readonly tar?: { readonly compressionLevel?: number }
  readonly zip?: JsonObject
}
