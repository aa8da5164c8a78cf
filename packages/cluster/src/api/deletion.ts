import type { JsonObject, ObjectMeta } from '@argosy/engine'
import { type Draft, type RemoveOptions, resources, valueAt } from '@argosy/kube'
import type { ObjectVersion } from '../store/object-version.ts'
import type { Verdict } from '../store/store.ts'
import { isHeld } from './changes.ts'
import { collectionOf, type Kind } from './kinds.ts'
import { conflict, forbidden, staleVersion } from './refusals.ts'
import { rfc3339 } from './time.ts'

/** What a deletion makes of an object: gone, or marked and waiting for its grace period or its finalizers. */
export function beginDeletion(draft: Draft, before: ObjectVersion, request: Deletion): Verdict {
  const { kind, options, now } = request
  checkPreconditions(before, kind, options)
  if (isNamespace(kind)) endNamespace(draft, before, kind)
  const grace = graceSeconds(draft, kind, options)
  addPolicyFinalizer(draft, before.metadata, options)
  if (grace === 0 && !isHeld(draft.root as JsonObject, kind)) return 'remove'
  mark(draft, before.metadata, now, grace)
  return 'keep'
}

export interface Deletion {
  readonly kind: Kind
  readonly options: RemoveOptions
  readonly now: number
}

function isNamespace(kind: Kind): boolean {
  return collectionOf(kind.resource) === collectionOf(resources.namespaces)
}

function endNamespace(draft: Draft, { name }: ObjectVersion, kind: Kind): void {
  const isLasting = name === 'default' || name === 'kube-system' || name === 'kube-public'
  if (isLasting) throw forbidden(kind.resource, name, 'this namespace may not be deleted')
  draft.apply([{ op: 'add', path: '/status/phase', value: 'Terminating' }])
}

function checkPreconditions(before: ObjectVersion, kind: Kind, options: RemoveOptions): void {
  const { uid, resourceVersion } = before.metadata
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
    throw conflict(kind.resource, before.name, why)
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw staleVersion(kind.resource, before.name)
  }
}

/** Only pods that run somewhere are given time. */
function graceSeconds(draft: Draft, kind: Kind, options: RemoveOptions): number {
  if (collectionOf(kind.resource) !== collectionOf(resources.pods)) return 0
  const read = (path: string) => valueAt(draft.root, path)
  const phase = read('/status/phase')
  if (!read('/spec/nodeName') || phase === 'Succeeded' || phase === 'Failed') return 0
  const wanted = options.gracePeriodSeconds ?? read('/spec/terminationGracePeriodSeconds') ?? 30
  return Math.max(0, Number(wanted))
}

const policyFinalizer = {
  Foreground: 'foregroundDeletion',
  Orphan: 'orphan',
  Background: undefined,
} as const

function addPolicyFinalizer(draft: Draft, metadata: ObjectMeta, options: RemoveOptions): void {
  const finalizer = policyFinalizer[options.propagationPolicy ?? 'Background']
  const old = metadata.finalizers ?? []
  if (finalizer === undefined || old.includes(finalizer)) return
  draft.apply([{ op: 'add', path: '/metadata/finalizers', value: [...old, finalizer] }])
}

/** A second deletion may only shorten the time that is left. */
function mark(draft: Draft, metadata: ObjectMeta, now: number, grace: number): void {
  const old = metadata.deletionGracePeriodSeconds
  if (metadata.deletionTimestamp !== undefined && (old ?? 0) <= grace) return
  const members: JsonObject = {
    deletionTimestamp: rfc3339(now + grace * 1000),
    deletionGracePeriodSeconds: grace,
    ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
  }
  for (const [name, value = null] of Object.entries(members)) {
    draft.apply([{ op: 'add', path: `/metadata/${name}`, value }])
  }
}
