import type { NodeStatus } from '../spec/status.ts'
import type { Template } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

/** Lets templates see a node as `prefix` (`steps.a`): its times, phase and outputs. */
export function addNodeToScope(_scope: Scope, _prefix: string, _node: NodeStatus): void {}

/** Lets templates see the outputs of a loop's items as lists; the problem is a result that is no JSON. */
export function addLoopToScope(
  _scope: Scope,
  _prefix: string,
  _children: readonly NodeStatus[],
): { readonly problem: string } | undefined {
  return undefined
}

/** Lets templates see what a skipped or omitted node would have given: defaults, or absence. */
export function addSkippedToScope(
  _scope: Scope,
  _prefix: string,
  _template: Template,
  _options: { readonly artifacts: boolean },
): void {}
