import type { JsonObject, KubeObject } from '@argosy/engine'
import { completeDefinition } from '../definitions/definitions.ts'
import { collectionOf, type Kind } from '../kinds.ts'
import { defaultsOf } from './defaults/defaults-of.ts'

const definitions = 'customresourcedefinitions.apiextensions.k8s.io'

/** What the server adds to what users may leave out. */
export function complete(kind: Kind, object: KubeObject): KubeObject {
  const collection = collectionOf(kind.resource)
  if (collection === definitions) return completeDefinition(object)
  const defaults = kind.definition ? undefined : defaultsOf(collection)
  if (!defaults) return object
  return defaults(object as unknown as JsonObject) as unknown as KubeObject
}
