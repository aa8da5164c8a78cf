import type { JsonObject, KubeObject, PatchOp } from '@argosy/engine'
import { applyJsonPatch, deepFreeze } from '@argosy/kube'
import type { Change } from './feed.ts'
import { type Log, type Row, rowKind } from './log.ts'
import { type Key, metadataAfter, ObjectVersion, stamped } from './object-version.ts'

/** Reads past changes of one collection back from the log, in order. */
export class History {
  readonly #log: Log
  readonly #newest: (key: Key) => ObjectVersion | undefined
  readonly #known = new Map<string, ObjectVersion>()

  /** `newest` finds the committed version in memory: what is still there need not be parsed again. */
  constructor(log: Log, newest: (key: Key) => ObjectVersion | undefined) {
    this.#log = log
    this.#newest = newest
  }

  read(collection: string, after: number, upTo: number): Change[] {
    return this.#log.range(collection, after, upTo).map((row) => this.#change(row))
  }

  #change(row: Row): Change {
    const key: Key = row
    const name = `${row.namespace}/${row.name}`
    const before = row.previous === 0 ? undefined : this.#version(name, key, row.previous)
    const version = this.#newest(key)?.find(row.revision) ?? versionOf(row, before)
    this.#known.set(name, version)
    return { type: typeOf(row), version, before }
  }

  #version(name: string, key: Key, revision: number): ObjectVersion {
    const known = this.#known.get(name)
    if (known?.revision === revision) return known
    return this.#newest(key)?.find(revision) ?? rebuild(this.#log, revision)
  }
}

function typeOf(row: Row): Change['type'] {
  if (row.kind === rowKind.create) return 'ADDED'
  return row.kind === rowKind.delete ? 'DELETED' : 'MODIFIED'
}

function versionOf(row: Row, before: ObjectVersion | undefined): ObjectVersion {
  if (row.kind === rowKind.create || row.kind === rowKind.snapshot) return wholeOf(row)
  if (!before) throw new Error(`revision ${row.revision} has lost its past`)
  const ops = JSON.parse(row.body) as PatchOp[]
  return ObjectVersion.after(before, deepFreeze(ops), {
    revision: row.revision,
    metadata: metadataAfter(before.metadata, ops, row.revision),
    deleted: row.kind === rowKind.delete,
  })
}

function wholeOf(row: Row): ObjectVersion {
  const { namespace, name, collection } = row
  return ObjectVersion.of(
    { collection, namespace, name },
    row.revision,
    deepFreeze(JSON.parse(row.body) as KubeObject),
  )
}

/** The version at a revision, from the snapshot before it and the patches since. */
function rebuild(log: Log, revision: number): ObjectVersion {
  const deltas: Row[] = []
  let row = log.row(revision)
  while (row?.kind === rowKind.delta) {
    deltas.push(row)
    row = log.row(row.previous)
  }
  if (!row) throw new Error(`revision ${revision} has lost its past`)
  const whole = wholeOf(row)
  if (deltas.length === 0) return whole
  return ObjectVersion.of(whole.key, revision, patched(whole.value, deltas.reverse()))
}

/** An object after the patches of its rows, in order. */
export function patched(
  value: KubeObject,
  deltas: readonly Pick<Row, 'revision' | 'body'>[],
): KubeObject {
  const ops = deltas.flatMap((delta) => JSON.parse(delta.body) as PatchOp[])
  const object = applyJsonPatch(value as unknown as JsonObject, ops) as JsonObject
  const revision = deltas.at(-1)?.revision ?? 0
  const metadata = stamped(object['metadata'] as JsonObject, revision)
  return Object.freeze({ ...object, metadata }) as unknown as KubeObject
}
