import type { Json, JsonObject } from '@argosy/engine'
import { type Draft, diffOps } from '@argosy/kube'
import { firstStatus } from '../first-status.table.ts'
import type { Kind } from '../kinds.ts'

/** Metadata that somebody who writes the status of a built-in object may change. */
const writable = ['annotations', 'finalizers', 'labels', 'managedFields', 'resourceVersion', 'uid']

/** Replaces the status in the draft; custom resources keep their metadata, others only part of it. */
export function replaceStatus(draft: Draft, object: JsonObject, kind: Kind): void {
  const old = draft.root as JsonObject
  const given = (object['metadata'] ?? {}) as JsonObject
  const metadata: Record<string, Json | undefined> = { ...(old['metadata'] as JsonObject) }
  const names = kind.definition ? ['resourceVersion', 'uid'] : writable
  for (const name of names) {
    if (given[name] !== undefined && given[name] !== '') metadata[name] = given[name]
    else if (!kept.includes(name)) delete metadata[name]
  }
  const status = object['status'] ?? firstStatus(kind.resource)
  draft.apply(diffOps(old, { ...old, metadata, status }))
}

const kept = ['resourceVersion', 'uid', 'managedFields']
