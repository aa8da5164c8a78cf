import type { PatchOp, Workflow } from '@argosy/engine'

/** All runs of a list, by their uid; replaced, never changed. */
export interface RunList {
  readonly runs: ReadonlyMap<string, Workflow>
  /** The first list has come. */
  readonly loaded: boolean
  /** There are older ones that it leaves to the archive. */
  readonly isCut: boolean
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR' | string
  readonly object: Workflow
  /** In place of most of the object: what is new of it. */
  readonly patch?: readonly PatchOp[]
}

export const noRuns: RunList = { runs: new Map(), loaded: false, isCut: false }

export function listed(items: readonly Workflow[], isCut = false): RunList {
  return { runs: new Map(items.map((run) => [keyOf(run), run])), loaded: true, isCut }
}

/** The list after some events, in their order. An older version of a run than the one we have is no news. */
export function applyEvents(list: RunList, events: readonly WatchEvent[]): RunList {
  const runs = new Map(list.runs)
  for (const { type, object } of events) {
    if (!object?.metadata?.name) continue
    const key = keyOf(object)
    if (type === 'DELETED') runs.delete(key)
    else if (type !== 'BOOKMARK' && type !== 'ERROR' && !isOlder(object, runs.get(key))) {
      runs.set(key, object)
    }
  }
  return { ...list, runs }
}

export function keyOf({ metadata }: Workflow): string {
  return metadata.uid ?? `${metadata.namespace}/${metadata.name}`
}

function isOlder(one: Workflow, known: Workflow | undefined): boolean {
  const revision = ({ metadata }: Workflow) => Number(metadata.resourceVersion ?? Number.NaN)
  return known !== undefined && revision(one) < revision(known)
}
