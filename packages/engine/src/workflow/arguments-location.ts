import type { JsonObject } from '../spec/json.ts'
import type { Artifact, ArtifactLocation } from '../spec/workflow.ts'

type Backend = Exclude<keyof ArtifactLocation, 'raw' | 'disk'> | 'raw' | 'disk'

interface Rule {
  readonly backend: Backend
  /** What a complete location has. */
  readonly needs: readonly string[]
  /** The member that is the key, or that has it as the path of a URL. */
  readonly key?: string
  readonly url?: string
}

// In the order in which upstream looks when several are given.
const rules: readonly Rule[] = [
  { backend: 'artifactory', needs: ['url', 'usernameSecret'], url: 'url' },
  { backend: 'azure', needs: ['endpoint', 'container', 'blob'], key: 'blob' },
  { backend: 'git', needs: ['repo'] },
  { backend: 'gcs', needs: ['bucket', 'key'], key: 'key' },
  { backend: 'hdfs', needs: ['addresses'], key: 'path' },
  { backend: 'http', needs: ['url'], url: 'url' },
  { backend: 'oss', needs: ['bucket', 'endpoint', 'key'], key: 'key' },
  { backend: 'raw', needs: [] },
  { backend: 's3', needs: ['endpoint', 'bucket', 'key'], key: 'key' },
  { backend: 'plugin', needs: ['name', 'configuration', 'key'], key: 'key' },
  { backend: 'disk', needs: ['key'], key: 'key' },
]

const notConfigured =
  'artifact storage is not configured; see the docs for setup instructions: https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/'

/** Which backend an artifact lies in. */
export function backendOf(location: ArtifactLocation): Backend | undefined {
  return ruleOf(location)?.backend
}

function ruleOf(location: ArtifactLocation): Rule | undefined {
  return rules.find(({ backend }) => location[backend] !== undefined)
}

function partsOf(location: ArtifactLocation, rule: Rule): JsonObject {
  return (location[rule.backend] ?? {}) as JsonObject
}

/** Whether everything is there to find the bytes. */
export function hasLocation(location: ArtifactLocation): boolean {
  const rule = ruleOf(location)
  if (rule === undefined) return false
  const parts = partsOf(location, rule)
  return rule.needs.every((need) => isGiven(parts[need]))
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== null && value !== ''
}

/** A key alone is enough where a repository gives the rest. */
export function hasLocationOrKey(location: ArtifactLocation): boolean {
  const key = keyOf(location)
  return hasLocation(location) || (key !== undefined && key !== '')
}

/** The key in its backend; undefined when the backend has no keys. */
export function keyOf(location: ArtifactLocation): string | undefined {
  const rule = ruleOf(location)
  if (rule === undefined) return undefined
  const parts = partsOf(location, rule)
  if (rule.key !== undefined) return text(parts[rule.key])
  return rule.url === undefined ? undefined : splitUrl(text(parts[rule.url])).path
}

/** The same place with another key. */
export function withKey<T extends ArtifactLocation>(location: T, key: string): T | undefined {
  const rule = ruleOf(location)
  if (rule === undefined) return undefined
  const parts = partsOf(location, rule)
  if (rule.key !== undefined) return { ...location, [rule.backend]: { ...parts, [rule.key]: key } }
  if (rule.url === undefined) return undefined
  const { origin, rest } = splitUrl(text(parts[rule.url]))
  const path = key === '' || key.startsWith('/') ? key : `/${key}`
  return { ...location, [rule.backend]: { ...parts, [rule.url]: `${origin}${path}${rest}` } }
}

/** The artifact at a path below its own. */
export function withSubPath(
  artifact: Artifact,
  subPath: string,
): { readonly artifact: Artifact } | { readonly problem: string } {
  const rule = ruleOf(artifact)
  if (rule === undefined) return { problem: notConfigured }
  const key = keyOf(artifact)
  const moved = key === undefined ? undefined : withKey(artifact, joinPath(key, subPath))
  return moved === undefined
    ? { problem: `key unsupported: ${rule.backend} artifact does not have a key` }
    : { artifact: moved }
}

/** Takes the place of `archive`, keeping only its own key, unless the artifact is complete itself. */
export function relocated(artifact: Artifact, archive: ArtifactLocation): Artifact {
  const key = keyOf(artifact)
  if (hasLocation(artifact) || !key) return artifact
  const rule = ruleOf(archive)
  if (rule === undefined) return artifact
  const { [backendOf(artifact) as 's3']: _, ...rest } = artifact
  const place = { [rule.backend]: archive[rule.backend] } as ArtifactLocation
  return withKey({ ...rest, ...place } as Artifact, key) ?? artifact
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function splitUrl(url: string): { origin: string; path: string; rest: string } {
  const [, origin = '', path = '', rest = ''] =
    /^([a-zA-Z][-+.a-zA-Z0-9]*:\/\/[^/?#]*)?([^?#]*)(.*)$/s.exec(url) ?? []
  return { origin, path, rest }
}

/** Go's path.Join. */
function joinPath(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== '').join('/')
  if (joined === '') return ''
  const root = joined.startsWith('/') ? '/' : ''
  const path = root + cleanSegments(joined.split('/'), root !== '').join('/')
  return path === '' ? '.' : path
}

function cleanSegments(segments: readonly string[], rooted: boolean): readonly string[] {
  const kept: string[] = []
  for (const segment of segments) {
    const canGoUp = kept.length > 0 && kept.at(-1) !== '..'
    if (segment === '..' && canGoUp) kept.pop()
    else if (segment === '..' && !rooted) kept.push(segment)
    else if (segment !== '' && segment !== '.' && segment !== '..') kept.push(segment)
  }
  return kept
}
