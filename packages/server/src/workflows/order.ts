import type { Workflow } from '@argosy/engine'

/** Which page something is on: by when it started, or was created. */
export function newestFirst(a: Workflow, b: Workflow): number {
  const at = ({ status, metadata }: Workflow) =>
    status?.startedAt || metadata.creationTimestamp || ''
  return compare(at(b), at(a)) || compare(a.metadata.name ?? '', b.metadata.name ?? '')
}

/** The order within a page. argo: Workflows.Less. */
export function openFirst(a: Workflow, b: Workflow): number {
  const [aEnd, bEnd] = [a.status?.finishedAt || '', b.status?.finishedAt || '']
  if (aEnd !== '' && bEnd !== '') return compare(bEnd, aEnd)
  if (aEnd !== '' || bEnd !== '') return aEnd === '' ? -1 : 1
  return compare(b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? '')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
