import type { Json, JsonObject, KubeObject } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { completeDefinition } from '../definitions/definitions.ts'
import { collectionOf, type Kind } from '../kinds.ts'

/** What the server adds to what users may leave out. */
export function complete(kind: Kind, object: KubeObject): KubeObject {
  if (collectionOf(kind.resource) === definitions) return completeDefinition(object)
  const completion = completions.get(collectionOf(kind.resource))
  return completion
    ? (completion(object as unknown as JsonObject) as unknown as KubeObject)
    : object
}

const definitions = 'customresourcedefinitions.apiextensions.k8s.io'

type Completion = (object: JsonObject) => JsonObject

const completions: ReadonlyMap<string, Completion> = new Map([['secrets', secret]])

/** `stringData` is for writing only: it ends in `data`. */
function secret(object: JsonObject): JsonObject {
  const { stringData, ...rest } = object
  const typed = { type: 'Opaque', ...rest }
  if (!isObject(stringData)) return typed
  const data: Record<string, Json | undefined> = { ...(rest['data'] as JsonObject | undefined) }
  for (const [name, value] of Object.entries(stringData)) {
    data[name] = Buffer.from(String(value)).toString('base64')
  }
  return { ...typed, data }
}
