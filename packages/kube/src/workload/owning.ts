import type { KubeObject, OwnerReference } from '@argosy/engine'
import type { Resource } from '../resource.ts'
import { type Effect, refOf } from './effect.ts'
import { type LabelSelector, matchSelector } from './match-selector.ts'

/** Who controls an object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}

/** The reference by which an object says that it is controlled by `owner`. */
export function controlledBy(owner: KubeObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata
  const { apiVersion, kind } = owner
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }
}

export interface Claimed<T> {
  readonly mine: readonly T[]
  /** Takes in what fits and has nobody, lets go of what does not fit any longer. */
  readonly effects: readonly Effect[]
}

/** Which of the objects are the owner's. Those that nobody controls and that fit its selector are taken in. */
export function claim<T extends KubeObject>(
  owner: KubeObject & { readonly spec: { readonly selector?: LabelSelector } },
  resource: Resource,
  objects: readonly T[],
): Claimed<T> {
  const mine: T[] = []
  const effects: Effect[] = []
  for (const object of objects) {
    const controller = controllerOf(object)
    const isOwned = controller?.uid === owner.metadata.uid
    if (controller !== undefined && !isOwned) continue
    const fits = matchSelector(owner.spec.selector, object.metadata.labels)
    if (fits) mine.push(object)
    if (isOwned === fits || isLeaving(owner) || isLeaving(object)) continue
    effects.push(rewritten(owner, resource, object, fits))
  }
  return { mine, effects }
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined
}

function rewritten(
  owner: KubeObject,
  resource: Resource,
  object: KubeObject,
  taken: boolean,
): Effect {
  const { ownerReferences = [], uid = '' } = object.metadata
  const rest = ownerReferences.filter((reference) => reference.uid !== owner.metadata.uid)
  const references = taken ? [...rest, controlledBy(owner)] : rest
  const body = { metadata: { uid, ownerReferences: references.map((one) => ({ ...one })) } }
  return { do: 'patch', ref: refOf(resource, object), body }
}
