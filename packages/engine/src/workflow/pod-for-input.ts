import type { Volume } from '../spec/pod.ts'
import type { Template, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import type { Archive } from './artifact-repository.ts'
import type { Scope } from './scope.ts'
import type { World } from './world.ts'

/** What a pod is made from. */
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
  /** Milliseconds: when the workflow or a retry strategy wants this pod to be over. */
  readonly deadlineAt?: number
  /** Milliseconds: when the node began, for the template's `timeout`. */
  readonly startedAt?: number
  readonly now: number
  /** Behind the workflow's volumeClaimTemplates. */
  readonly claims?: readonly Volume[]
  readonly onExit: boolean
  /** Machines to keep off. */
  readonly avoid?: readonly string[]
  /** Where artifacts go that name no place; without it on this machine's disk. Its key may have tags. */
  readonly artifactRepository?: Archive
  /** Reads a podSpecPatch that is YAML. Without it only JSON is understood. */
  readonly parseYaml?: World['parseYaml']
}
