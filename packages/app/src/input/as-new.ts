import type { ObjectMeta, Workflow } from '@argosy/engine'

/** A workflow as somebody wrote it, of one that a server has handed out: what has become of it there is not wished for. */
export function asNew(workflow: Workflow): Workflow {
  const { status: _, ...wanted } = workflow
  return { ...wanted, metadata: ownMetadata(workflow.metadata) }
}

/** Whether a manifest tells of a run that there was. */
export function hasRun({ status }: Workflow): boolean {
  return Object.keys(status ?? {}).length > 0
}

/** Labels by which the controller keeps account of a run. */
const kept = new Set(['workflows.argoproj.io/completed', 'workflows.argoproj.io/phase'])

function ownMetadata(metadata: ObjectMeta): ObjectMeta {
  const { uid: _u, resourceVersion: _r, generation: _g, ...rest } = metadata
  const { creationTimestamp: _c, deletionTimestamp: _d, ownerReferences: _o, ...own } = rest
  const { managedFields: _m, ...plain } = own as ObjectMeta & { readonly managedFields?: unknown }
  if (!metadata.labels) return plain
  const labels = Object.entries(metadata.labels).filter(([name]) => !kept.has(name))
  return { ...plain, labels: Object.fromEntries(labels) }
}
