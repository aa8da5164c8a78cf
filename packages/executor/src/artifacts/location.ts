import type { Artifact, ArtifactLocation, JsonObject } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'

/** Which field of each kind of location is its key; git, http and raw have none. */
const keyFields = {
  disk: 'key',
  s3: 'key',
  gcs: 'key',
  oss: 'key',
  plugin: 'key',
  azure: 'blob',
  hdfs: 'path',
  artifactory: 'url',
  git: undefined,
  http: undefined,
  raw: undefined,
} as const satisfies Record<keyof ArtifactLocation, string | undefined>

const kinds = Object.keys(keyFields) as (keyof ArtifactLocation)[]

/** The kind of place an artifact is in, if any. */
export function locationKind(location: ArtifactLocation): keyof ArtifactLocation | undefined {
  return kinds.find((kind) => location[kind] !== undefined)
}

/** True when the artifact can be found: it has a key, or it is of a kind that needs none. */
export function isLocated(location: ArtifactLocation): boolean {
  const kind = locationKind(location)
  if (!kind) return false
  return keyFields[kind] === undefined || keyIn(location, kind) !== ''
}

/** The artifact at its own key, or below the archive location's folder under `fileName`. */
export function locate(artifact: Artifact, archive: ArtifactLocation, fileName: string): Artifact {
  if (isLocated(artifact)) return artifact
  const kind = locationKind(archive)
  const field = kind && keyFields[kind]
  if (!kind || !field) {
    // argo: the words of a workflow without a repository.
    throw new StatusError(
      'BadRequest',
      'You need to configure artifact storage. More information on how to do this can be found in the docs: https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/',
    )
  }
  const folder = keyIn(archive, kind).replace(/\/+$/, '')
  const key = folder === '' ? fileName : `${folder}/${fileName}`
  const place: JsonObject = { ...objectIn(archive, kind), [field]: key }
  return { ...artifact, [kind]: place }
}

/** The key in the location of that kind, '' when it has none. */
export function keyIn(location: ArtifactLocation, kind: keyof ArtifactLocation): string {
  const field = keyFields[kind]
  const key = field && objectIn(location, kind)[field]
  return typeof key === 'string' ? key : ''
}

function objectIn(location: ArtifactLocation, kind: keyof ArtifactLocation): JsonObject {
  const place = location[kind]
  return isObject(place) ? place : {}
}
