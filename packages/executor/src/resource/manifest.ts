import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type OwnerReference,
} from '@argosy/engine'
import { yamlDocuments } from '@argosy/kube'

/** A resource template's manifest, and the path that messages call it by. */
export interface Manifest {
  readonly path: string
  readonly text: string
}

/** The one value that a manifest holds; undefined when it is empty. */
export function readManifest({ path, text }: Manifest): Json | undefined {
  const read = yamlDocuments(text)
  if ('problem' in read) throw new Error(`error parsing ${path}: ${read.problem}`)
  if (read.values.length > 1) {
    throw new Error(`${path} holds ${read.values.length} documents: a resource template takes one`)
  }
  return read.values[0]
}

/** A manifest that has to be an object with a kind. */
export function objectIn(manifest: Manifest): KubeObject {
  const value = readManifest(manifest)
  if (!isObject(value)) throw new Error(`error validating "${manifest.path}": it holds no object`)
  const missing = ['apiVersion', 'kind'].filter((field) => typeof value[field] !== 'string')
  if (missing.length > 0) {
    const what = missing.map((field) => `${field} not set`).join(', ')
    throw new Error(
      `error validating "${manifest.path}": error validating data: [${what}]; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  }
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  return { ...value, metadata } as unknown as KubeObject
}

/** argo: setOwnerReference; the workflow that owns the pod owns what the pod makes. */
export function owned(object: KubeObject, owner: OwnerReference | undefined): KubeObject {
  if (!owner) return object
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), owner]
  return { ...object, metadata: { ...object.metadata, ownerReferences } }
}

export function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject
}
