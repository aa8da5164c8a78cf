import type { KubeObject } from '@argosy/engine'
import { apiVersionOf } from '@argosy/kube'
import type { Kind } from '../kinds.ts'

/** Whether a kind is served under this version. */
export function isServed(kind: Kind, version: string): boolean {
  return kind.resource.version === version || kind.otherVersions?.includes(version) === true
}

/** The apiVersion of a kind under one of its versions. */
export function apiVersionAt({ resource }: Kind, version: string): string {
  return apiVersionOf({ ...resource, version })
}

/** An object as it reads under a version. */
export function inVersion(kind: Kind, version: string, object: KubeObject): KubeObject {
  const apiVersion = apiVersionAt(kind, version)
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}

/** An object that came under a version, as it is stored. */
export function asStored(kind: Kind, version: string, object: KubeObject): KubeObject {
  if (object.apiVersion !== apiVersionAt(kind, version)) return object
  return { ...object, apiVersion: apiVersionOf(kind.resource) }
}
