import type { Json, KubeObject, PatchOp } from '@argosy/engine'
import { diffOps } from '@argosy/kube'

/** What became of an object, whole. */
export interface Change {
  readonly type: string
  readonly object: unknown
}

/** What became of an object that the reader has: its metadata's identity, and a JSON Patch (RFC 6902). */
interface Delta {
  readonly type: 'MODIFIED'
  readonly object: {
    readonly metadata: { readonly uid?: string; readonly resourceVersion?: string }
  }
  readonly patch: readonly PatchOp[]
}

/**
 * Ours, for readers of large objects: the first word of an object is whole, later ones are differences to the word before,
 * and an object of which nothing that is shown has changed is passed over. `shown` is what the reader sees of an object,
 * `told` what he has seen already, by uid.
 */
export async function* asDeltas(
  changes: AsyncIterable<{ readonly type: string; readonly object: KubeObject }>,
  shown: (object: KubeObject) => unknown,
  told: Map<string, Json> = new Map(),
): AsyncGenerator<Change | Delta> {
  for await (const { type, object } of changes) {
    const { uid = '', resourceVersion } = object.metadata
    const whole = shown(object) as Json
    const before = told.get(uid)
    if (type === 'DELETED') told.delete(uid)
    else told.set(uid, whole)
    if (type !== 'MODIFIED' || before === undefined) {
      yield { type, object: whole }
      continue
    }
    const patch = diffOps(before, whole)
    if (patch.length === 0) continue
    const metadata = { uid, ...(resourceVersion !== undefined && { resourceVersion }) }
    yield { type, object: { metadata }, patch }
  }
}
