import { lstat, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Artifact, ArtifactLocation } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { download, unpack } from './archive.ts'
import type { Driver, Source } from './driver.ts'
import { inBatches } from './in-batches.ts'
import { keyIn } from './location.ts'
import type { ObjectStore } from './object-store.ts'
import { fileContent, sourceContent } from './source-content.ts'
import { isWithin } from './tree.ts'
import { treeBelow } from './tree-below.ts'

/**
 * Artifacts in a flat store of objects.
 *
 * 1. An archive is one object at the key, packed while it is sent: nothing is ever whole in memory.
 * 2. With `archive: none` a file is one object, a directory one object for each file below `<key>/`. A flat store knows
 *    neither modes nor links nor empty directories.
 * 3. On the way in the object at the key goes before a directory of that name.
 */
export function objectDriver(
  kind: keyof ArtifactLocation,
  open: (artifact: Artifact) => Promise<ObjectStore>,
): Driver {
  const at = async (
    artifact: Artifact,
    wanted: 'a key' | 'or the whole bucket' = 'a key',
  ): Promise<[ObjectStore, string]> => {
    const key = keyIn(artifact, kind)
    if (key === '' && wanted === 'a key')
      throw new StatusError('Invalid', `artifact ${artifact.name} has no ${kind} key`)
    return [await open(artifact), key]
  }
  return {
    async load(artifact, target, signal) {
      const [store, key] = await at(artifact)
      const bytes = await store.get(key, signal)
      if (!bytes) return loadTree(store, key, target, signal)
      await download(bytes, `${target}.tmp`, signal)
      await unpack(`${target}.tmp`, target, artifact.archive)
    },
    async save(source, artifact, signal) {
      const content = await sourceContent(source, artifact)
      const [store, key] = await at(artifact)
      await store.prepare?.(signal)
      if (content) return store.put(key, content, signal)
      await saveTree(store, folderOf(key), source, signal)
      await store.remove(withoutSlash(key), signal)
    },
    async open(artifact, signal) {
      const [store, key] = await at(artifact)
      const bytes = await store.get(key, signal)
      if (bytes) return bytes
      if (await isDirectory(store, key, signal)) {
        const words = `${key} is a directory of objects, not one stream`
        throw new StatusError('MethodNotAllowed', words)
      }
      throw absent(key)
    },
    async remove(artifact, signal) {
      const [store, key] = await at(artifact)
      if (!key.endsWith('/')) await store.remove(key, signal)
      for await (const one of store.list(folderOf(key), signal)) await store.remove(one, signal)
    },
    async list(artifact, signal) {
      const [store, key] = await at(artifact, 'or the whole bucket')
      if (key === '') return gathered(store.list('', signal))
      const keys = await gathered(store.list(folderOf(key), signal))
      if (keys.length > 0) return keys
      const bytes = await store.get(key, signal)
      bytes?.destroy()
      if (!bytes) throw absent(key)
      return []
    },
    async isDirectory(artifact, signal) {
      const [store, key] = await at(artifact)
      return isDirectory(store, key, signal)
    },
  }
}

const withoutSlash = (key: string) => key.replace(/\/+$/, '')
const folderOf = (key: string) => `${withoutSlash(key)}/`

function absent(key: string): StatusError {
  return new StatusError('NotFound', `no artifact at key ${key}`)
}

async function isDirectory(
  store: ObjectStore,
  key: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for await (const _ of store.list(folderOf(key), signal)) return true
  return false
}

async function saveTree(
  store: ObjectStore,
  folder: string,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { files: names } = await treeBelow(source.path)
  await inBatches(names, async (name) => {
    const path = join(source.path, name)
    const { size } = await lstat(path)
    await store.put(folder + name, fileContent(path, size), signal)
  })
  const kept = new Set(names.map((name) => folder + name))
  // What an earlier save left there and this one does not have.
  for await (const key of store.list(folder, signal)) {
    if (!kept.has(key)) await store.remove(key, signal)
  }
}

async function loadTree(
  store: ObjectStore,
  key: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = folderOf(key)
  const keys = await gathered(store.list(folder, signal))
  if (keys.length === 0) throw absent(key)
  await mkdir(target)
  const made = new Set<string>()
  await inBatches(keys, async (one) => {
    const name = one.slice(folder.length)
    // A key that ends with a slash is how some programs write an empty directory.
    const path = inside(target, name)
    const parent = name.endsWith('/') ? path : dirname(path)
    if (!made.has(parent)) await mkdir(parent, { recursive: true })
    made.add(parent)
    if (name === '' || name.endsWith('/')) return
    const bytes = await store.get(one, signal)
    if (bytes) await download(bytes, path, signal)
  })
}

function inside(target: string, name: string): string {
  const path = join(target, name)
  if (!name.startsWith('/') && !name.includes('\0') && isWithin(target, path)) return path
  throw new StatusError('Invalid', `illegal file path: ${name}`)
}

async function gathered(keys: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = []
  for await (const key of keys) all.push(key)
  return all
}
