import type { Pod } from '../spec/pod.ts'
import type { ArtifactLocation, Template, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

export interface PodInput {
  readonly workflow: Workflow
  readonly spec: WorkflowSpec
  /** Processed: inputs substituted. */
  readonly template: Template
  readonly globals: Scope
  readonly nodeId: string
  readonly nodeName: string
  readonly podName: string
  /** The enclosing steps or DAG template: scheduling fields are inherited from it. */
  readonly boundaryTemplate?: Template
  /** Somebody refers to the step's `outputs.result`. */
  readonly includeResult: boolean
  /** Milliseconds: when the workflow (or a retry strategy) wants this pod to be over. */
  readonly deadlineAt?: number
  /** Milliseconds: when the node was first seen, for `timeout`. */
  readonly startedAt?: number
  readonly now: number
  readonly onExit: boolean
  /** Where artifacts go that name no place, when not on this machine's disk; `{{…}}` in keys is replaced. */
  readonly artifactRepository?: ArtifactLocation & { readonly archiveLogs?: boolean }
  readonly instanceId?: string
}

/** The pod that runs a template. `expired`: the workflow's deadline leaves it no time. */
export function podFor(
  _input: PodInput,
): { readonly pod: Pod } | { readonly expired: true } | { readonly problem: string } {
  return { problem: 'being written' }
}

/** Whether a step needs staging or reporting around its containers. */
export function needsExecutor(_template: Template, _includeResult: boolean): boolean {
  return false
}

/** Whether the enclosing template mentions the `outputs.result` of one of its steps. */
export function capturesResult(_boundaryTemplate: Template, _stepName: string): boolean {
  return false
}
