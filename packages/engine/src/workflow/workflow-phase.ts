import type { NodePhase, WorkflowPhase } from '../spec/status.ts'

const phases = {
  Pending: 'Pending',
  Running: 'Running',
  Succeeded: 'Succeeded',
  Skipped: 'Succeeded',
  Omitted: 'Succeeded',
  Failed: 'Failed',
  Error: 'Error',
} as const satisfies Record<string, WorkflowPhase>

/** The phase of a workflow by that of its entrypoint's node. */
export function workflowPhase(phase: NodePhase | undefined): WorkflowPhase {
  return phases[phase ?? 'Running']
}
