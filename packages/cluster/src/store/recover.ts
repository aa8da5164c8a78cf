import type { KubeObject } from '@argosy/engine'
import { deepFreeze } from '@argosy/kube'
import { Collection } from './collection.ts'
import { patched } from './history.ts'
import { type Log, type Row, rowKind } from './log.ts'
import { ObjectVersion } from './object-version.ts'
import type { Slot } from './slot.ts'

export interface Recovered {
  readonly revision: number
  readonly collections: Map<string, Collection>
}

/** Builds the newest version of every object from the log. */
export function recover(log: Log): Recovered {
  const live = new Map<string, Trace>()
  let revision = 0
  for (const row of log.all()) {
    revision = row.revision
    const id = `${row.collection}\n${row.namespace}\n${row.name}`
    if (row.kind === rowKind.delete) live.delete(id)
    else if (row.kind === rowKind.delta) live.get(id)?.deltas.push(row)
    else live.set(id, { base: row, deltas: [] })
  }
  const collections = new Map<string, Collection>()
  for (const trace of live.values()) {
    const slot = slotOf(trace)
    const collection = collections.get(slot.key.collection) ?? new Collection()
    collections.set(slot.key.collection, collection)
    collection.add(slot)
  }
  return { revision, collections }
}

/** A snapshot and what came after it. */
interface Trace {
  readonly base: Row
  readonly deltas: Row[]
}

function slotOf({ base, deltas }: Trace): Slot {
  const key = { collection: base.collection, namespace: base.namespace, name: base.name }
  const whole = deepFreeze(JSON.parse(base.body) as KubeObject)
  const value = deltas.length === 0 ? whole : patched(whole, deltas)
  const version = ObjectVersion.of(key, deltas.at(-1)?.revision ?? base.revision, value)
  const deltaBytes = deltas.reduce((sum, row) => sum + row.body.length, 0)
  const snapshotBytes = base.body.length
  return { key, committed: version, newest: version, snapshotBytes, deltaBytes, chainBytes: 0 }
}
