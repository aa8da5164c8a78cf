import { createHash } from 'node:crypto'
import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'
import { applyJsonPatch, type JsonPatchOp, type Ref, StatusError, valueAt } from '@argosy/kube'
import { type Call, fetched } from './target.ts'

/** What a patch needs so that a cut-off one is not repeated. */
export interface Patching extends Call {
  /** What an earlier run has meant to leave. */
  readonly expected: string | undefined
  /** Durable when it resolves. */
  expect(digest: string): Promise<void>
}

/**
 * A JSON patch, which may not happen twice: an item that is added to a list is there twice then. What it will leave is
 * kept before it is sent, and it is sent only for the version that this was worked out from; whoever comes back and finds
 * just that does nothing. Only when somebody else has changed the same part between a crash and that look, nobody can
 * tell any more, and the patch is sent again.
 */
export async function patchOnce(
  ref: Ref,
  ops: readonly JsonPatchOp[],
  call: Patching,
): Promise<KubeObject> {
  for (let { expected } = call; ; ) {
    const live = await fetched({ ref }, call)
    const before = live as unknown as JsonObject
    if (expected !== undefined && digestOf(before, ops) === expected) return live
    expected = digestOf(patched(before, ops), ops)
    await call.expect(expected)
    try {
      const { resourceVersion = '' } = live.metadata
      const patch = { type: 'json', body: ops, resourceVersion } as const
      await call.client.patch(ref, patch, call.signal)
      return await fetched({ ref }, call)
    } catch (error) {
      // Another one was faster, or we were, and have not heard of it.
      if (!(error instanceof StatusError) || error.reason !== 'Conflict') throw error
      call.signal.throwIfAborted()
    }
  }
}

/** What the server will say is wrong with the operations is left to it. */
function patched(object: JsonObject, ops: readonly JsonPatchOp[]): Json {
  try {
    return applyJsonPatch(object, ops)
  } catch {
    return object
  }
}

/** Of the parts that the operations are about: what else is in an object may be the server's. */
function digestOf(object: Json, ops: readonly JsonPatchOp[]): string {
  const paths = [...new Set(ops.filter(({ op }) => op !== 'test').map(({ path }) => parent(path)))]
  const parts = isObject(object) ? paths.map((path) => valueAt(object, path) ?? null) : []
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function parent(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}
