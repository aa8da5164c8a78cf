import type { JsonObject } from './json.ts'
import type { KubeObject } from './meta.ts'
import type { Volume } from './pod.ts'
import type { MemoizationStatus, SynchronizationStatus } from './synchronization.ts'
import type {
  ArtifactLocation,
  Inputs,
  Outputs,
  Template,
  TemplateRef,
  WorkflowSpec,
} from './workflow.ts'

export type WorkflowPhase = '' | 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Error'

export type NodePhase =
  | 'Pending'
  | 'Running'
  | 'Succeeded'
  | 'Skipped'
  | 'Failed'
  | 'Error'
  | 'Omitted'

export type NodeType =
  | 'Pod'
  | 'Container'
  | 'Steps'
  | 'StepGroup'
  | 'DAG'
  | 'TaskGroup'
  | 'Retry'
  | 'Skipped'
  | 'Suspend'
  | 'HTTP'
  | 'Plugin'

/** Workflow.status; times are RFC 3339 with whole seconds, in UTC. */
export interface WorkflowStatus {
  readonly phase?: WorkflowPhase
  readonly startedAt?: string
  readonly finishedAt?: string
  readonly message?: string
  readonly progress?: string
  readonly estimatedDuration?: number
  readonly nodes?: Readonly<Record<string, NodeStatus>>
  readonly storedTemplates?: Readonly<Record<string, Template>>
  readonly storedWorkflowTemplateSpec?: WorkflowSpec
  readonly outputs?: Outputs
  /** The volumes behind the workflow's volumeClaimTemplates. */
  readonly persistentVolumeClaims?: readonly Volume[]
  readonly conditions?: readonly Condition[]
  readonly resourcesDuration?: Readonly<Record<string, number>>
  readonly artifactRepositoryRef?: ArtifactRepositoryRefStatus
  readonly synchronization?: SynchronizationStatus
  readonly artifactGCStatus?: ArtifactGcStatus
  readonly taskResultsCompletionStatus?: Readonly<Record<string, boolean>>
}

/** How far the deletion of artifacts has come. */
export interface ArtifactGcStatus {
  readonly strategiesProcessed?: Readonly<Record<string, boolean>>
  readonly podsRecouped?: Readonly<Record<string, boolean>>
  /** No artifact is ever to be deleted. */
  readonly notSpecified?: boolean
}

/** The repository that a workflow uses, whatever its configuration becomes later. */
export interface ArtifactRepositoryRefStatus {
  readonly configMap?: string
  readonly key?: string
  readonly namespace?: string
  /** It is the controller's, not one of a ConfigMap. */
  readonly default?: boolean
  readonly artifactRepository?: JsonObject
}

export interface Condition {
  readonly type: string
  readonly status?: 'True' | 'False' | 'Unknown'
  readonly message?: string
}

export interface NodeStatus {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly type: NodeType
  readonly templateName?: string
  readonly templateRef?: TemplateRef
  readonly templateScope?: string
  readonly phase?: NodePhase
  readonly boundaryID?: string
  readonly message?: string
  readonly startedAt?: string
  readonly finishedAt?: string
  readonly estimatedDuration?: number
  readonly progress?: string
  readonly resourcesDuration?: Readonly<Record<string, number>>
  readonly podIP?: string
  readonly daemoned?: boolean
  readonly nodeFlag?: { readonly hooked?: boolean; readonly retried?: boolean }
  readonly inputs?: Inputs
  readonly outputs?: Outputs
  readonly children?: readonly string[]
  readonly outboundNodes?: readonly string[]
  readonly hostNodeName?: string
  readonly taskResultSynced?: boolean
  /** The lock that the node waits for. */
  readonly synchronizationStatus?: { readonly waiting?: string }
  readonly memoizationStatus?: MemoizationStatus
}

/** What a step reports beside its pod's own status (fields are top level, as upstream). */
export interface WorkflowTaskResult extends KubeObject {
  readonly phase?: NodePhase
  readonly message?: string
  readonly outputs?: Outputs
  readonly progress?: string
}

/**
 * What the executor must do around one pod's user containers. The controller writes it as JSON into
 * the pod's annotation `workflows.argoproj.io/template` when `needsExecutor`; without the annotation a pod is run plainly.
 */
export interface StepPlan {
  readonly nodeId: string
  /** The template with everything substituted; artifact locations are complete. */
  readonly template: Template
  /** Where output artifacts without a location of their own go: `key` is the folder. */
  readonly archiveLocation: ArtifactLocation
  /** Capture the main container's stdout as outputs.result. */
  readonly includeResult: boolean
  /** RFC 3339; the main container is killed then. */
  readonly deadline?: string
  /** Of a copy of the step's pod, for somebody to look around in: it gets the inputs, and its end is nobody's business. */
  readonly isCopy?: boolean
}
