import { posix } from 'node:path'
import { isObject, type JsonObject, type Pod, type Volume } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { ApiDoor } from './api-door.ts'
import { fieldRef, type HostFacts, resourceFieldRef } from './downward.ts'
import type { Keys, ReferenceKind, References } from './references.ts'
import { Refusal } from './refusal.ts'

export interface FileToWrite {
  readonly path: string
  readonly content: Buffer | string
  readonly mode: number
}

interface Facts {
  readonly references: References
  readonly host: HostFacts
  readonly api?: ApiDoor | undefined
}

const defaultMode = 0o644

/** The files of a volume that is made from objects; undefined for other volumes. */
export async function projectedFiles(
  pod: Pod,
  volume: Volume,
  facts: Facts,
): Promise<readonly FileToWrite[] | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume
  if (configMap) return keyFiles('configMap', configMap.name ?? '', configMap, facts)
  if (secret) return keyFiles('secret', secret.secretName ?? '', secret, facts)
  if (downwardAPI) return downwardFiles(pod, downwardAPI, facts)
  if (!projected) return undefined
  const mode = numberOr(projected.defaultMode, defaultMode)
  const files: FileToWrite[] = []
  for (const source of Array.isArray(projected.sources) ? projected.sources : []) {
    if (isObject(source)) files.push(...(await sourceFiles(pod, source, { facts, mode })))
  }
  return files
}

async function sourceFiles(
  pod: Pod,
  source: JsonObject,
  { facts, mode }: { readonly facts: Facts; readonly mode: number },
): Promise<readonly FileToWrite[]> {
  for (const kind of ['configMap', 'secret'] as const) {
    const keys = source[kind]
    if (isObject(keys)) {
      return keyFiles(
        kind,
        String(keys.name ?? ''),
        { defaultMode: mode, ...keys } as KeySource,
        facts,
      )
    }
  }
  if (isObject(source.downwardAPI)) {
    return downwardFiles(pod, { defaultMode: mode, ...source.downwardAPI }, facts)
  }
  if (isObject(source.serviceAccountToken)) {
    return [await tokenFile(pod, source.serviceAccountToken, { api: facts.api, mode })]
  }
  const kinds = Object.keys(source).join(', ')
  throw refuse(`projected volume: source ${kinds} is not supported by this node`)
}

/** The file of one token. Throws `Refusal` when there can be none now. */
export async function tokenFile(
  pod: Pod,
  { path, audience, expirationSeconds }: JsonObject,
  { api, mode }: { readonly api: ApiDoor | undefined; readonly mode: number },
): Promise<FileToWrite> {
  if (!api) {
    throw refuse('projected volume: serviceAccountToken needs an API server (argosy server)')
  }
  const seconds = numberOr(expirationSeconds, 3600)
  try {
    const wish = { seconds, ...(typeof audience === 'string' && audience && { audience }) }
    return { path: safePath(String(path ?? '')), content: await api.token(pod, wish), mode }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    throw new Refusal('ContainerCreating', `failed to fetch token: ${error.message}`)
  }
}

type KeySource = NonNullable<Volume['configMap']>

async function keyFiles(
  kind: ReferenceKind,
  name: string,
  source: KeySource,
  { references }: Facts,
): Promise<readonly FileToWrite[]> {
  const keys = await references[kind](name)
  // A volume that cannot be made keeps the pod in ContainerCreating, with an Event.
  if (!keys && !source.optional) {
    throw new Refusal('ContainerCreating', `${kind.toLowerCase()} "${name}" not found`)
  }
  const mode = source.defaultMode ?? defaultMode
  if (!source.items) {
    return [...(keys ?? [])].map(([path, content]) => ({ path, content, mode }))
  }
  return source.items.flatMap((item) => itemFile(item, keys, { mode, optional: source.optional }))
}

function itemFile(
  item: NonNullable<KeySource['items']>[number],
  keys: Keys | undefined,
  { mode, optional }: { readonly mode: number; readonly optional: boolean | undefined },
): readonly FileToWrite[] {
  const content = keys?.get(item.key)
  const path = safePath(item.path)
  if (content) return [{ path, content, mode: item.mode ?? mode }]
  if (optional) return []
  throw new Refusal('ContainerCreating', `references non-existent config key: ${item.key}`)
}

function downwardFiles(pod: Pod, source: JsonObject, { host }: Facts): readonly FileToWrite[] {
  const items = Array.isArray(source.items) ? source.items.filter(isObject) : []
  return items.map((item) => ({
    path: safePath(String(item.path ?? '')),
    content: downwardValue(pod, item, host),
    mode: numberOr(item.mode, numberOr(source.defaultMode, defaultMode)),
  }))
}

function downwardValue(pod: Pod, item: JsonObject, host: HostFacts): string {
  if (isObject(item.fieldRef)) return fieldRef(pod, String(item.fieldRef.fieldPath), host)
  const ref = isObject(item.resourceFieldRef) ? item.resourceFieldRef : {}
  const container = pod.spec.containers.find(({ name }) => name === ref.containerName)
  if (container) return resourceFieldRef(ref, container, host)
  throw refuse(`downwardAPI: no container ${String(ref.containerName)}`)
}

function safePath(path: string): string {
  const plain = posix.normalize(path)
  const inside = plain !== '.' && !plain.startsWith('/') && !plain.startsWith('..')
  if (inside) return plain
  throw refuse(`volume item path "${path}" leads out of the volume`)
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

function refuse(message: string): Refusal {
  return new Refusal('CreateContainerConfigError', message, false)
}
