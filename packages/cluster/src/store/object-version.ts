import type { Json, JsonObject, KubeObject, ObjectMeta, PatchOp } from '@argosy/engine'
import { applyJsonPatch, Draft, frozenCopy } from '@argosy/kube'

/** Which object: `collection` is `plural.group` (only `plural` for the core group), `namespace` is '' for cluster-scoped kinds. */
export interface Key {
  readonly collection: string
  readonly namespace: string
  readonly name: string
}

/**
 * One object at one revision. Key, revision and metadata are at hand; the value is built when somebody reads it.
 *
 * 1. A version has its value, or it is the newest one of a draft, or it has the patch from the version before.
 * 2. Building applies the whole chain of patches with one shallow copy per touched container, and lets go of the chain.
 * 3. The draft runs ahead of what is committed; a version it has left behind is built from the chain instead.
 */
export class ObjectVersion {
  readonly key: Key
  readonly revision: number
  readonly metadata: ObjectMeta
  /** True for the last version, the one that says that the object is gone. */
  readonly deleted: boolean
  #value: KubeObject | undefined
  #draft: Draft | undefined
  #previous: ObjectVersion | undefined
  #ops: readonly PatchOp[] = []

  private constructor(key: Key, revision: number, metadata: ObjectMeta, deleted: boolean) {
    this.key = key
    this.revision = revision
    this.metadata = metadata
    this.deleted = deleted
  }

  /** A version whose value is known and frozen. */
  static of(key: Key, revision: number, value: KubeObject): ObjectVersion {
    const version = new ObjectVersion(key, revision, value.metadata, false)
    version.#value = value
    return version
  }

  /** The version after `previous`, by a patch; `metadata` is what it makes of the metadata. */
  static after(previous: ObjectVersion, ops: readonly PatchOp[], made: Made): ObjectVersion {
    const version = new ObjectVersion(previous.key, made.revision, made.metadata, made.deleted)
    version.#previous = previous
    version.#ops = ops
    return version
  }

  get namespace(): string {
    return this.key.namespace
  }

  get name(): string {
    return this.key.name
  }

  get resourceVersion(): string {
    return this.metadata.resourceVersion ?? String(this.revision)
  }

  /** The whole object, frozen. */
  get value(): KubeObject {
    if (this.#value) return this.#value
    const value = this.#draft ? (this.#draft.seal() as unknown as KubeObject) : this.#replay()
    this.#value = value
    this.#draft = undefined
    this.#previous = undefined
    this.#ops = []
    return value
  }

  /** From now on `draft` holds this version's value; `detach` before it changes. */
  attach(draft: Draft): void {
    if (!this.#value) this.#draft = draft
  }

  detach(): void {
    this.#draft = undefined
  }

  /** An earlier version that is still chained to this one. */
  find(revision: number): ObjectVersion | undefined {
    let version: ObjectVersion | undefined = this
    while (version && version.revision > revision) version = version.#previous
    return version?.revision === revision ? version : undefined
  }

  #replay(): KubeObject {
    const chain: ObjectVersion[] = []
    let version: ObjectVersion = this
    while (!version.#value) {
      chain.push(version)
      if (!version.#previous) throw new Error(`revision ${version.revision} has lost its past`)
      version = version.#previous
    }
    const draft = new Draft(version.#value as unknown as JsonObject)
    for (const next of chain.reverse()) {
      draft.apply(next.#ops)
      draft.assign('metadata', next.metadata as JsonObject)
      draft.take()
    }
    return draft.seal() as unknown as KubeObject
  }
}

export interface Made {
  readonly revision: number
  readonly metadata: ObjectMeta
  readonly deleted: boolean
}

/** Metadata as it stands in a draft, frozen and stamped with its revision. */
export function stamped(metadata: JsonObject, revision: number): ObjectMeta {
  const stamp: Record<string, Json | undefined> = { ...metadata }
  for (const name in stamp) {
    if (typeof stamp[name] === 'object') stamp[name] = frozenCopy(stamp[name])
  }
  stamp['resourceVersion'] = String(revision)
  return Object.freeze(stamp) as ObjectMeta
}

/** The metadata after a patch of the whole object. */
export function metadataAfter(metadata: ObjectMeta, ops: readonly PatchOp[], revision: number) {
  const touching = ops.filter((op) => op.path === '/metadata' || op.path.startsWith('/metadata/'))
  const whole = applyJsonPatch({ metadata: metadata as JsonObject }, touching) as JsonObject
  return stamped(whole['metadata'] as JsonObject, revision)
}
