import { isObject, type JsonObject } from '../../spec/json.ts'
import type { Artifact, ArtifactLocation } from '../../spec/workflow.ts'

/** The backends in the order in which one wins over the others, and what makes each complete. */
const backends: readonly (readonly [keyof ArtifactLocation, readonly string[], string])[] = [
  ['artifactory', ['url', 'usernameSecret'], 'url'],
  ['azure', ['endpoint', 'container', 'blob'], 'blob'],
  ['git', ['repo'], ''],
  ['gcs', ['bucket', 'key'], 'key'],
  ['hdfs', ['addresses'], 'path'],
  ['http', ['url'], 'url'],
  ['oss', ['bucket', 'endpoint', 'key'], 'key'],
  ['raw', [], ''],
  ['s3', ['endpoint', 'bucket', 'key'], 'key'],
  ['plugin', ['name', 'configuration', 'key'], 'key'],
  ['disk', ['key'], 'key'],
]

/** Whether an artifact says where it is, or at least under which key. */
export function hasLocationOrKey(artifact: ArtifactLocation): boolean {
  const found = backends.find(([name]) => artifact[name] !== undefined)
  if (!found) return false
  const [name, needed, key] = found
  const backend = artifact[name] as JsonObject
  return needed.every((field) => isFilled(backend[field])) || (key !== '' && isFilled(backend[key]))
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isObject(value) || (typeof value === 'string' && value !== '')
}

/** What a location lacks: the part of the path inside the artifact, and upstream's words after it. */
export function locationProblems(
  location: ArtifactLocation,
  prefix: string,
): readonly [string, string][] {
  const problems: [string, string][] = []
  if (location.git && !isFilled(location.git['repo'])) {
    problems.push(['.git', `${prefix}.git.repo is required`])
  }
  const hdfs = location.hdfs && hdfsProblem(location.hdfs, `${prefix}.hdfs`)
  if (hdfs) problems.push(['.hdfs', hdfs])
  return problems
}

function hdfsProblem(hdfs: JsonObject, prefix: string): string | undefined {
  const has = (field: string) => isFilled(hdfs[field])
  const path = String(hdfs['path'] ?? '')
  const rules: readonly (readonly [boolean, string])[] = [
    [has('addresses'), `${prefix}.addresses is required`],
    [has('path'), `${prefix}.path is required`],
    [path.startsWith('/'), `${prefix}.path must be a absolute file path`],
    [
      ['hdfsUser', 'krbCCacheSecret', 'krbKeytabSecret'].some(has),
      `either ${prefix}.hdfsUser, ${prefix}.krbCCacheSecret or ${prefix}.krbKeytabSecret is required`,
    ],
    [
      !has('krbKeytabSecret') ||
        ['krbServicePrincipalName', 'krbConfigConfigMap', 'krbUsername', 'krbRealm'].every(has),
      `${prefix}.krbServicePrincipalName, ${prefix}.krbConfigConfigMap, ${prefix}.krbUsername and ${prefix}.krbRealm are required with ${prefix}.krbKeytabSecret`,
    ],
    [
      !has('krbCCacheSecret') || ['krbServicePrincipalName', 'krbConfigConfigMap'].every(has),
      `${prefix}.krbServicePrincipalName and ${prefix}.krbConfigConfigMap are required with ${prefix}.krbCCacheSecret`,
    ],
  ]
  return rules.find(([holds]) => !holds)?.[1]
}

/** Why an artifact cannot be put at its path. */
export function pathProblem({ name, path = '' }: Artifact): string | undefined {
  if (path === '') return `Artifact '${name}' did not specify a path`
  const up = path.indexOf('/../')
  const safe = up >= 0 ? path.slice(0, up) : path.endsWith('/..') ? path.slice(0, -3) : ''
  if (safe === '') return undefined
  const cleaned = cleanPath(path)
  if (cleaned.startsWith(`${safe}/`) && cleaned.length > safe.length + 1) return undefined
  return `Artifact '${name}' attempted to use a path containing '..'. Directory traversal is not permitted`
}

/** The shortest path that means the same. */
function cleanPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part === '..' && path.startsWith('/')) continue
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/')
}
