import type { Idle } from '@argosy/executor'

/** Groups of kinds that a cluster's own controllers act on. There are none of them here. */
const groups: ReadonlySet<string> = new Set([
  'apps',
  'autoscaling',
  'batch',
  'sparkoperator.k8s.io',
])

/** A step that waits for a Job's status would wait for ever: it is told why it cannot go on instead. */
export const idleKinds: Idle = ({ group, kind }) =>
  groups.has(group)
    ? `nothing on this machine acts on objects of kind ${kind} (${group}): the condition would never be met`
    : undefined
