import type { NodeStatus } from '../spec/status.ts'
import type { Artifact, Parameter, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { Scope } from './scope.ts'
import type { World } from './world.ts'

/** The variables `workflow.*` that every template sees. */
export function globalScope(
  _workflow: Workflow,
  _spec: WorkflowSpec,
  _world: World,
): { readonly scope: Scope } | { readonly problem: string } {
  return { scope: new Scope() }
}

/** `workflow.status`: Running until the end. */
export function setWorkflowStatus(scope: Scope, phase: string): void {
  scope.set('workflow.status', phase)
}

/** `workflow.duration` in seconds, as `%f`. */
export function setWorkflowDuration(scope: Scope, ms: number): void {
  scope.set('workflow.duration', (ms / 1000).toFixed(6))
}

/** `workflow.failures`: all failed nodes as JSON, encoded again as a JSON string. */
export function setFailures(
  _scope: Scope,
  _workflowName: string,
  _nodes: Iterable<NodeStatus>,
): void {}

/** Makes an output with a global name known to templates that start from now on. */
export function addGlobalOutput(
  _scope: Scope,
  _output: { readonly parameter: Parameter } | { readonly artifact: Artifact },
): void {}
