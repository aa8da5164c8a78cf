import type { KubeObject } from '@argosy/engine'
import { apiVersionOf } from '@argosy/kube'
import { type Kind, servedAs } from '../kinds.ts'

/** Whether a kind is served under this version. */
export function isServed(kind: Kind, version: string): boolean {
  return servedAs(kind).version === version || kind.otherVersions?.includes(version) === true
}

/** The apiVersion of a kind under one of its versions. */
export function apiVersionAt(kind: Kind, version: string): string {
  return apiVersionOf({ ...servedAs(kind), version })
}

/** An object as it reads under a version. */
export function inVersion(kind: Kind, version: string, object: KubeObject): KubeObject {
  const apiVersion = apiVersionAt(kind, version)
  if (object.apiVersion === apiVersion) return object
  return { ...(kind.view?.shown(object) ?? object), apiVersion }
}

/** An object that came under a version, as it is stored. */
export function asStored(kind: Kind, version: string, object: KubeObject): KubeObject {
  if (object.apiVersion !== apiVersionAt(kind, version)) return object
  const apiVersion = apiVersionOf(kind.resource)
  return { ...(kind.view?.stored(object) ?? object), apiVersion }
}
