import type { Workflow } from '@argosy/engine'
import type { ListOptions } from '../workflows/list-options.ts'

/** Workflows that have ended, also when nothing else is left of them. */
export interface Archive {
  /** Keeps these, each in place of an older one of the same uid. All or none. */
  put(workflows: readonly Workflow[]): void
  /** The objects are gone. */
  markDeleted(uids: readonly string[]): void
  /** Those whose objects are there as far as the archive knows. */
  notDeleted(): readonly string[]
  /** One by its uid, or the newest of a name. */
  get(key: ArchiveKey): Workflow | undefined
  /** What lists tell of those that are wanted, the newest first. */
  list(wanted: Wanted): readonly Workflow[]
  count(wanted: Wanted): number
  /** '': of all namespaces. */
  labelKeys(namespace: string): readonly string[]
  labelValues(key: string, namespace: string): readonly string[]
  remove(uid: string): void
  /** Forgets what ended before; resolves to how many. */
  forget(endedBefore: number): number
}

export type ArchiveKey =
  | { readonly uid: string }
  | { readonly namespace: string; readonly name: string }

export interface Wanted extends ListOptions {
  /** Only those whose objects are gone. */
  readonly deletedOnly: boolean
}

/** What a list tells of a workflow. argo: workflowArchive.ListWorkflows. */
export function summaryOf({ apiVersion, kind, metadata, spec, status = {} }: Workflow): Workflow {
  const { labels, annotations, name, namespace, uid, creationTimestamp } = metadata
  const { phase, startedAt, finishedAt, progress, message, estimatedDuration } = status
  const { resourcesDuration } = status as { readonly resourcesDuration?: unknown }
  const kept = {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, creationTimestamp, labels, annotations },
    spec: { suspend: spec.suspend, arguments: spec.arguments },
    status: {
      ...{ phase, startedAt, finishedAt, progress, message, estimatedDuration },
      ...(resourcesDuration !== undefined && { resourcesDuration }),
    },
  }
  return kept as Workflow
}

/** As it comes out of an archive. */
export function persisted(workflow: Workflow): Workflow {
  const labels = {
    ...workflow.metadata.labels,
    'workflows.argoproj.io/workflow-archiving-status': 'Persisted',
  }
  return { ...workflow, metadata: { ...workflow.metadata, labels } }
}
