import type { Json, JsonObject, KubeObject, ObjectMeta } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import {
  apiVersionOf,
  type Draft,
  diffOps,
  equalJson,
  type JsonPatchOp,
  mergeOps,
  type Patch,
  resources,
  valueAt,
} from '@argosy/kube'
import type { ObjectVersion } from '../store/object-version.ts'
import type { Verdict } from '../store/store.ts'
import { collectionOf, type Kind } from './kinds.ts'
import { checkLabels } from './names.ts'
import { flawOf } from './parts/schema/flaw.ts'
import { badRequest, conflict, invalid, staleVersion } from './refusals.ts'

/** Metadata that the server alone writes. */
const serverOwned = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'selfLink',
] as const
const immutable = ['name', 'namespace', 'uid'] as const

/** Where a change may make another thing of the object. */
const identity = ['', '/apiVersion', '/kind', '/metadata']

/** Replaces what is in the draft by `object`, except what the server owns. */
export function replace(draft: Draft, object: KubeObject, kind: Kind): void {
  const old = draft.root as JsonObject
  const oldMetadata = old['metadata'] as JsonObject
  const metadata: Record<string, Json | undefined> = { ...(object.metadata as JsonObject) }
  for (const name of ['resourceVersion', ...immutable]) metadata[name] ||= oldMetadata[name]
  for (const name of serverOwned) metadata[name] = oldMetadata[name]
  const wanted: Record<string, Json | undefined> = {
    ...(object as unknown as JsonObject),
    metadata,
  }
  if (kind.hasStatus) wanted['status'] = old['status']
  draft.apply(diffOps(old, wanted as JsonObject))
}

/** Applies a client's patch to the part of the draft that it may change. */
export function patch(draft: Draft, patch: Patch, kind: Kind): void {
  const ops = patch.type === 'json' ? patch.body : mergeOps(draft.root, patch.body)
  if (patch.subresource === 'status') {
    const binds = kind.bindsByStatus && valueAt(draft.root, nodeName) === undefined
    draft.apply(ops.filter((op) => !touches(op, isMain) || (binds && op.path === nodeName)))
  } else if (kind.hasStatus) draft.apply(ops.filter((op) => !touches(op, isStatus)))
  else draft.apply(ops)
}

/** Bound once, for ever. */
const nodeName = '/spec/nodeName'

function touches(op: JsonPatchOp, part: (path: string) => boolean): boolean {
  if (op.op === 'test') return false
  return part(op.path) || (op.op === 'move' && part(op.from))
}

function isStatus(path: string): boolean {
  return path === '/status' || path.startsWith('/status/')
}

function isMetadata(path: string): boolean {
  return path === '/metadata' || path.startsWith('/metadata/')
}

function isMain(path: string): boolean {
  return !isStatus(path) && !isMetadata(path)
}

/**
 * Checks and completes a changed draft, and says whether the object stays. Looking at the whole of it, what was taken away
 * and came back is no change, as a client's defaults do; our own controllers write what they change.
 */
export function settle(
  draft: Draft,
  before: ObjectVersion,
  kind: Kind,
  looking: 'at the changes' | 'at the whole' = 'at the changes',
): Verdict {
  if (draft.changes.length === 0) return 'keep'
  const { root } = draft
  if (draft.changes.some(({ path }) => identity.includes(path))) checkType(root, kind)
  const metadata = (root as JsonObject)['metadata'] as JsonObject
  if ((metadata as unknown) !== before.metadata) settleMetadata(draft, metadata, before, kind)
  if (looking === 'at the changes' || !hasComeBack(draft, before, kind))
    raiseGeneration(draft, before, kind)
  return verdictOn(draft.root as unknown as KubeObject, kind)
}

function checkType(root: Json, kind: Kind): void {
  if (!isObject(root) || !isObject(root['metadata'])) throw badRequest('the object has no metadata')
  const wanted = apiVersionOf(kind.resource)
  if (root['apiVersion'] !== wanted) {
    throw badRequest(
      `the API version in the data (${root['apiVersion']}) does not match the expected API version (${wanted})`,
    )
  }
  if (root['kind'] !== kind.resource.kind) {
    throw badRequest(
      `the kind in the data (${root['kind']}) does not match the expected kind (${kind.resource.kind})`,
    )
  }
}

function settleMetadata(
  draft: Draft,
  metadata: JsonObject,
  before: ObjectVersion,
  kind: Kind,
): void {
  const old = before.metadata as JsonObject
  const wanted = metadata['resourceVersion']
  if (wanted !== undefined && wanted !== '' && wanted !== old['resourceVersion']) {
    throw staleVersion(kind.resource, before.name)
  }
  checkUnchanged(metadata, before, kind)
  checkFinalizers(metadata, before, kind)
  for (const name of [...serverOwned, ...immutable]) restore(draft, name, old[name])
  if (metadata['labels'] !== old['labels']) checkLabels(kind, metadata as ObjectMeta)
}

function checkUnchanged(metadata: JsonObject, before: ObjectVersion, kind: Kind): void {
  const old = before.metadata as JsonObject
  const uid = metadata['uid']
  if (uid !== undefined && uid !== '' && uid !== old['uid']) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old['uid']}`
    throw conflict(kind.resource, before.name, why)
  }
  const changed = immutable.filter((name) => metadata[name] && metadata[name] !== old[name])
  if (changed.length === 0) return
  const flaws = changed.map((name) =>
    flawOf.invalid(`metadata.${name}`, metadata[name], 'field is immutable'),
  )
  throw invalid(kind.resource, before.name, flaws)
}

function checkFinalizers(metadata: JsonObject, before: ObjectVersion, kind: Kind): void {
  const old = before.metadata
  if (old.deletionTimestamp === undefined) return
  const wanted = (metadata['finalizers'] ?? []) as readonly string[]
  const fresh = wanted.filter((name) => !old.finalizers?.includes(name))
  if (fresh.length === 0) return
  const names = fresh.map((name) => JSON.stringify(name)).join(', ')
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`
  throw invalid(kind.resource, before.name, [flawOf.forbidden('metadata.finalizers', why)])
}

/** Puts a member of the metadata back to what it was. */
function restore(draft: Draft, name: string, old: Json | undefined): void {
  const actual = ((draft.root as JsonObject)['metadata'] as JsonObject)[name]
  const path = `/metadata/${name}`
  if (old !== undefined) draft.apply([{ op: 'add', path, value: old }])
  else if (actual !== undefined) draft.apply([{ op: 'remove', path }])
}

function touchesAnnotations(path: string): boolean {
  const annotations = '/metadata/annotations'
  return path === '/metadata' || path === annotations || path.startsWith(`${annotations}/`)
}

const outside = {
  content: (path: string) => !isMetadata(path),
  spec: isMain,
  'spec and annotations': (path: string) => isMain(path) || touchesAnnotations(path),
  none: () => false,
} as const

function raiseGeneration(draft: Draft, before: ObjectVersion, kind: Kind): void {
  const counts = outside[kind.generation]
  if (!draft.changes.some((op) => counts(op.path))) return
  const value = (before.metadata.generation ?? 0) + 1
  draft.apply([{ op: 'add', path: '/metadata/generation', value }])
}

/** Only what was touched twice can have come back; to compare it costs as much as the object is large. */
function hasComeBack(draft: Draft, before: ObjectVersion, kind: Kind): boolean {
  return isTouchedTwice(draft.changes) && isAsBefore(draft, before, kind)
}

function isTouchedTwice(changes: readonly JsonPatchOp[]): boolean {
  // Items of a list move: who touches one touches the list.
  const places = changes.map(({ path }) => path.replace(/\/(\d+|-)$/, ''))
  const known = new Set(places)
  return known.size < places.length || places.some((place) => isWithin(place, known))
}

function isWithin(place: string, known: ReadonlySet<string>): boolean {
  if (place === '') return true
  for (let end = place.lastIndexOf('/'); end >= 0; end = place.lastIndexOf('/', end - 1)) {
    if (known.has(place.slice(0, end))) return true
    if (end === 0) break
  }
  return false
}

/** What was taken away and came back is no change. */
function isAsBefore(draft: Draft, before: ObjectVersion, { generation }: Kind): boolean {
  const [old, young] = [before.value as unknown as JsonObject, draft.root as JsonObject]
  const passed = generation === 'content' ? ['metadata'] : ['metadata', 'status']
  if (generation === 'spec and annotations' && !equalJson(annotationsOf(old), annotationsOf(young)))
    return false
  const names = new Set([...Object.keys(old), ...Object.keys(young)])
  return [...names].every((name) => passed.includes(name) || equalJson(old[name], young[name]))
}

function annotationsOf(object: JsonObject): JsonObject {
  const metadata = object['metadata']
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) ? annotations : {}
}

/** An object that is being deleted goes when nothing holds it any more. */
function verdictOn(object: KubeObject, kind: Kind): Verdict {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata
  if (deletionTimestamp === undefined || isHeld(object as unknown as JsonObject, kind))
    return 'keep'
  return deletionGracePeriodSeconds > 0 ? 'keep' : 'remove'
}

/** Whether finalizers hold an object; a namespace has some of its own. */
export function isHeld(object: JsonObject, kind: Kind): boolean {
  const held = (path: string) => ((valueAt(object, path) ?? []) as readonly string[]).length > 0
  const isNamespace = collectionOf(kind.resource) === collectionOf(resources.namespaces)
  return held('/metadata/finalizers') || (isNamespace && held('/spec/finalizers'))
}
