import type { NodeStatus } from '../../packages/engine/src/spec/status.ts'

/** `[0].a` for the node `w[0].a`, `.` for the root, `.B` for a task. */
export function shortName({ name }: Pick<NodeStatus, 'name'>): string {
  return name === 'w' ? '.' : name.slice(1)
}
