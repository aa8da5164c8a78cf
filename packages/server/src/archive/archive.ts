import type { Workflow } from '@argosy/engine'
import type { ListOptions } from '../workflows/list-options.ts'
import type { PhaseCounts } from './phase-counts.ts'

/** Workflows that have ended, also when nothing else is left of them. */
export interface Archive extends AsyncDisposable {
  /** Keeps these, each in place of an older one of the same uid. All or none. */
  put(workflows: readonly Workflow[]): Promise<void>
  /** The objects are gone. */
  markDeleted(uids: readonly string[]): Promise<void>
  /** Those whose objects are there as far as the archive knows; of one controller, or of all. */
  notDeleted(instance?: string): Promise<readonly string[]>
  /** One by its uid, or the newest of a name. */
  get(key: ArchiveKey): Promise<Workflow | undefined>
  /** Those that are wanted, the newest first. */
  list(wanted: Wanted): Promise<readonly Archived[]>
  count(wanted: Wanted): Promise<number>
  /** By phase; undefined where that would take too long. */
  phases(wanted: Wanted): Promise<PhaseCounts | undefined>
  /** '': of all namespaces. */
  labelKeys(namespace: string): Promise<readonly string[]>
  labelValues(key: string, namespace: string): Promise<readonly string[]>
  remove(uid: string): Promise<void>
  /** Forgets what ended before; resolves to how many. */
  forget(endedBefore: number): Promise<number>
}

/** What a list tells of a run, and the place in the archive behind which the next page begins. */
export interface Archived {
  readonly key: number
  readonly workflow: Workflow
}

export type ArchiveKey =
  | { readonly uid: string }
  | { readonly namespace: string; readonly name: string }

export interface Wanted extends ListOptions {
  /** Only those whose objects are gone. */
  readonly deletedOnly: boolean
  /** Of which controller, '' being the one without an id; default: of all. */
  readonly instance?: string
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
