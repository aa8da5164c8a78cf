import type { NodeStatus, Workflow } from '@argosy/engine'

/** The phases of runs and nodes together; a run without one waits for its controller. */
export const phases = [
  'Running',
  'Pending',
  'Failed',
  'Error',
  'Succeeded',
  'Skipped',
  'Omitted',
] as const

export type Phase = (typeof phases)[number]

/** The ones that a run can have. */
export const runPhases: readonly Phase[] = ['Running', 'Pending', 'Failed', 'Error', 'Succeeded']

export function runPhase({ status }: Pick<Workflow, 'status'>): Phase {
  return status?.phase || 'Pending'
}

export function nodePhase({ phase }: Pick<NodeStatus, 'phase'>): Phase {
  return phase ?? 'Pending'
}

export function hasFailed(phase: Phase): boolean {
  return phase === 'Failed' || phase === 'Error'
}

export function isOver(phase: Phase): boolean {
  return phase !== 'Running' && phase !== 'Pending'
}

/** What needs a person comes first. */
export const urgency: Readonly<Record<Phase, number>> = {
  Failed: 0,
  Error: 0,
  Running: 1,
  Pending: 2,
  Succeeded: 3,
  Skipped: 4,
  Omitted: 5,
}
