import { isObject, type JsonObject } from '../spec/json.ts'
import type { ArtifactRepositoryRefStatus } from '../spec/status.ts'
import type { ArtifactLocation } from '../spec/workflow.ts'

/** A repository as it is configured: one backend, and how its keys are made. */
export type ArtifactRepository = JsonObject

/** Where outputs go that name no place; the key is a folder and may have tags. */
export type Archive = ArtifactLocation & { readonly archiveLogs?: boolean }

export interface RepositoryRef {
  readonly configMap?: string
  readonly key?: string
}

/** Where repositories are configured. */
export interface Repositories {
  /** The controller's own namespace. */
  readonly namespace: string
  /** The controller's own repository; undefined when nobody configured one. */
  readonly fallback: () => Found | undefined
  /** An entry of a ConfigMap; without a key the one that the ConfigMap's annotation names. Undefined: not there. */
  readonly entry: (place: {
    readonly namespace: string
    readonly configMap: string
    readonly key: string | undefined
  }) => (Found & { readonly key: string }) | undefined
}

/** `problem`: it is there, and cannot be read. */
export interface Found {
  readonly repository?: ArtifactRepository
  readonly problem?: string
}

export type Resolved =
  | { readonly ref: ArtifactRepositoryRefStatus }
  /** Upstream's words, to be shown to the user. */
  | { readonly problem: string }

const defaultConfigMap = 'artifact-repositories'

/** Which repository a workflow uses, to be frozen in its status. argo: artifactRepositories.Resolve. */
export function resolveRepository(
  ref: RepositoryRef | undefined,
  namespace: string,
  repositories: Repositories | undefined,
): Resolved {
  const places = ref ? [namespace, repositories?.namespace ?? namespace] : [namespace]
  for (const place of places) {
    const found = entryIn(place, ref, repositories)
    if (found) return found
  }
  return ref ? missing(ref) : controllers(repositories)
}

function entryIn(
  namespace: string,
  ref: RepositoryRef | undefined,
  repositories: Repositories | undefined,
): Resolved | undefined {
  const configMap = ref?.configMap || defaultConfigMap
  const found = repositories?.entry({ namespace, configMap, key: ref?.key || undefined })
  if (!found) return undefined
  if (found.problem === undefined) {
    return { ref: { ...frozen(found), configMap, key: found.key, namespace } }
  }
  const words = `${namespace}/${ref?.configMap ?? ''}#${ref?.key ?? ''}`
  return {
    problem: `failed to resolve artifact repository: error getting config map for artifact repository ref "${words}": ${found.problem}`,
  }
}

function missing({ configMap = '', key = '' }: RepositoryRef): Resolved {
  return {
    problem: `failed to resolve artifact repository: failed to find any artifact repository for artifact repository ref "${configMap}#${key}"`,
  }
}

function controllers(repositories: Repositories | undefined): Resolved {
  const fallback = repositories?.fallback()
  return fallback?.problem === undefined
    ? { ref: { ...frozen(fallback), default: true } }
    : { problem: `failed to resolve artifact repository: ${fallback.problem}` }
}

function frozen(found: Found | undefined): ArtifactRepositoryRefStatus {
  return found?.repository === undefined ? {} : { artifactRepository: found.repository }
}

/** What to do when a status names no repository any more: the controller's, if there is one by now. */
export function repositoryOf(
  ref: ArtifactRepositoryRefStatus,
  repositories: Repositories | undefined,
): ArtifactRepository | undefined {
  return ref.artifactRepository ?? repositories?.fallback()?.repository
}

const defaultKey = '{{workflow.name}}/{{pod.name}}'

interface Shape {
  readonly backend: keyof ArtifactLocation
  /** The repository's member that says how keys are made, and the location's that takes the key. */
  readonly format: string
  readonly key: string
}

// In the order in which one wins over the others. argo: ArtifactRepository.Get.
const shapes: readonly Shape[] = [
  { backend: 'artifactory', format: 'keyFormat', key: 'url' },
  { backend: 'azure', format: 'blobNameFormat', key: 'blob' },
  { backend: 'gcs', format: 'keyFormat', key: 'key' },
  { backend: 'hdfs', format: 'pathFormat', key: 'path' },
  { backend: 'oss', format: 'keyFormat', key: 'key' },
  { backend: 'plugin', format: 'keyFormat', key: 'key' },
  { backend: 's3', format: 'keyFormat', key: 'key' },
  { backend: 'disk', format: 'keyFormat', key: 'key' },
]

/** The repository as the place where a step's outputs go; undefined for one that names no backend. */
export function archiveOf(repository: ArtifactRepository | undefined): Archive | undefined {
  const shape = shapes.find(({ backend }) => isObject(repository?.[backend]))
  const settings = shape && repository?.[shape.backend]
  const logs = repository?.['archiveLogs']
  const archiveLogs = typeof logs === 'boolean' ? { archiveLogs: logs } : {}
  if (!shape || !isObject(settings)) return repository && { ...archiveLogs }
  const { [shape.format]: format, keyPrefix: _, repoURL: __, ...place } = settings
  const key = text(format) || prefixed(settings)
  const whole = shape.key === 'url' ? below(text(settings['repoURL']), key) : key
  return { ...archiveLogs, [shape.backend]: { ...place, [shape.key]: whole } }
}

/** Only s3 has a `keyPrefix`, which is deprecated. */
function prefixed({ keyPrefix }: JsonObject): string {
  const prefix = text(keyPrefix).replace(/\/+$/, '')
  return prefix === '' ? defaultKey : `${prefix}/${defaultKey}`
}

function below(url: string, key: string): string {
  return url.endsWith('/') ? url + key : `${url}/${key}`
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
