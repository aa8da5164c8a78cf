import type { JsonObject, KubeObject, ObjectMeta } from '@argosy/engine'
import type { JsonPatchOp } from './draft.ts'
import type { Resource } from './resource.ts'

/**
 * How every controller, the node and the CLI reach the objects: in process, or over HTTPS to any Kubernetes.
 * No caller may know which one it has. Every method may throw `StatusError`.
 *
 * Promises (client.contract.ts holds every implementation to them):
 * 1. A write has happened, durably, when its promise resolves; watchers hear of it only after that commit, unless they
 *    ask to hear early.
 * 2. Objects that come out are shared and must not be modified (the in-process client freezes them).
 * 3. Writes of one turn of the event loop may share one commit; their order is kept.
 * 4. A list followed by a watch from its resourceVersion sees every later change exactly once, in order.
 */
export interface Client {
  /**
   * Writes of one turn of the event loop happen together or not at all. Without it, who needs one of them to be there
   * before another waits for its promise.
   */
  readonly commitsTurns?: boolean
  get<T extends KubeObject>(ref: Ref, signal?: AbortSignal): Promise<T | undefined>
  list<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<List<T>>
  /**
   * Changes after `query.resourceVersion` (default: now, preceded by an ADDED for each existing object),
   * in batches: what was committed together arrives together. A batch (not its events) is the reader's until it asks for
   * the next one. Throws `Expired` when the version is too old,
   * and when this watcher fell too far behind. Ends when `signal` aborts.
   */
  watch<T extends KubeObject>(
    query: WatchQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly WatchEvent<T>[]>
  /** Creates; `metadata.generateName` gets five random characters. Throws `AlreadyExists`. Resolves to what the server filled in. */
  create(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta>
  /** Replaces the object; throws `Conflict` unless `metadata.resourceVersion` is absent or the latest. */
  update(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta>
  /** Changes part of an object. Throws `NotFound`, `Invalid`, and `Conflict` when `patch.resourceVersion` is not the latest. */
  patch(ref: Ref, patch: Patch, signal?: AbortSignal): Promise<ObjectMeta>
  /** Deletes; throws `NotFound`, and `Conflict` when a precondition fails. Finalizers and a pod's grace period delay the end. */
  remove(ref: Ref, options?: RemoveOptions, signal?: AbortSignal): Promise<void>
}

/** One object: `namespace` is absent for cluster-scoped kinds. */
export interface Ref {
  readonly resource: Resource
  readonly namespace?: string
  readonly name: string
}

export interface ListQuery {
  readonly resource: Resource
  /** Absent: all namespaces. */
  readonly namespace?: string
  /** Kubernetes' selector text, as `app=web,tier!=db,x in (a,b),!y`. */
  readonly labelSelector?: string
  /** Kubernetes' selector text over fields, as `metadata.name=x,status.phase!=Running`. */
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  /**
   * A watch: to hear of a write as soon as it has been decided, where that is possible. For who answers with nothing but
   * writes through the same client: these become durable together with what they answer, or after it.
   * A list: not older than what has been heard early.
   */
  readonly early?: boolean
}

export interface List<T> {
  readonly items: readonly T[]
  readonly resourceVersion: string
  readonly continue?: string
}

export interface WatchQuery extends Omit<ListQuery, 'limit' | 'continue'> {
  readonly resourceVersion?: string
}

/**
 * `object` may be built on first use: reading `namespace`, `name` and `resourceVersion` costs nothing, however big the object is.
 */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly namespace: string
  readonly name: string
  readonly resourceVersion: string
  readonly object: T
}

export type Patch = PatchOptions &
  (
    | { readonly type: 'json'; readonly body: readonly JsonPatchOp[] }
    | { readonly type: 'merge'; readonly body: JsonObject }
  )

interface PatchOptions {
  readonly subresource?: 'status'
  readonly resourceVersion?: string
}

export interface RemoveOptions {
  readonly uid?: string
  readonly resourceVersion?: string
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
}
