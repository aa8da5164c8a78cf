import { isSuspended, type Workflow } from '@argosy/engine'

/** What upstream writes where a workflow's phase is expected. argo: printer.WorkflowStatus. */
export function workflowStatus(workflow: Workflow): string {
  const { status, spec, metadata } = workflow
  const phase = status?.phase ?? ''
  if (phase === 'Running') return isSuspended(workflow) ? 'Running (Suspended)' : phase
  if (phase === 'Failed') return spec.shutdown ? 'Failed (Terminated)' : phase
  if (phase === '' || phase === 'Pending') return metadata.creationTimestamp ? 'Pending' : 'Unknown'
  return phase
}
