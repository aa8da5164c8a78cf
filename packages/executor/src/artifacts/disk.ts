import { createReadStream } from 'node:fs'
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ArchiveStrategy, Artifact } from '@argosy/engine'
import { randomUuid, StatusError } from '@argosy/kube'
import { copyForUnpacking, download, isTarGzip, packTar, packZip, unpack } from './archive.ts'
import type { Driver, Source } from './driver.ts'
import { cloneTree, codeOf, isSmall } from './tree.ts'

/**
 * Artifacts as plain files below one directory (docs/decisions/0005-disk-artifacts.md).
 *
 * 1. A default archive is kept unpacked, as the one entry of the directory `<key>.unpacked`; everything else is at `<key>`.
 * 2. A save is built in `.incoming` and takes its place by a rename.
 * 3. Kept files may share bytes (hard links) with the step that made them and with whoever borrows them (`lend`): nobody
 *    writes to them. Who may write to what it reads gets a copy (`load`).
 */
export function diskDriver(root: string): Driver {
  return {
    async load(artifact, target) {
      const kept = await find(root, keyOf(artifact))
      await (kept.unpacked ? loadUnpacked : loadPlain)(kept.path, target, artifact.archive)
    },
    async lend(artifact, target) {
      const kept = await find(root, keyOf(artifact))
      const whole = kept.unpacked ? isDefaultArchive : isKeptAsItIs
      if (!(await whole(artifact.archive, kept.path)) || (await isSmall(kept.path))) return false
      await cloneTree(kept.path, target, { by: 'link', escapingLinks: 'refuse' })
      return true
    },
    async save(source, artifact, signal) {
      const place = await placeOf(root, keyOf(artifact))
      const room = join(root, incoming, randomUuid())
      await mkdir(room, { recursive: true })
      try {
        await build(source, artifact, join(room, 'new'), signal)
        await settle(join(room, 'new'), room, place, isDefaultArchive(artifact.archive))
      } finally {
        await rm(room, { recursive: true, force: true })
      }
    },
    async open(artifact) {
      const { path, unpacked } = await find(root, keyOf(artifact))
      return unpacked ? openUnpacked(path, artifact.archive) : openPlain(path)
    },
    async remove(artifact) {
      const place = await placeOf(root, keyOf(artifact))
      await rm(place, { recursive: true, force: true })
      await rm(place + suffix, { recursive: true, force: true })
    },
    async list(artifact) {
      const key = keyOf(artifact)
      const { path, unpacked } = await find(root, key)
      const isOne = unpacked || (await lstat(path)).isFile()
      return isOne ? [] : keysBelow(path, key.replace(/\/+$/, ''))
    },
    async isDirectory(artifact) {
      const place = await placeOf(root, keyOf(artifact))
      return (await statOf(place))?.isDirectory() === true
    },
  }
}

const incoming = '.incoming'
const suffix = '.unpacked'

function isDefaultArchive(archive: ArchiveStrategy | undefined): boolean {
  return !archive?.none && !archive?.zip
}

function keyOf(artifact: Artifact): string {
  const key = artifact.disk?.key
  if (key) return key
  throw new StatusError('Invalid', `artifact ${artifact.name} has no disk key`)
}

/** The path of a key; no key leads out of the root, neither by `..` nor through a kept link. */
async function placeOf(root: string, key: string): Promise<string> {
  const segments = key.split('/').filter((segment) => segment !== '' && segment !== '.')
  const reserved = segments[0] === incoming || segments.some((name) => name.endsWith(suffix))
  if (segments.length === 0 || segments.includes('..') || key.includes('\0') || reserved) {
    throw new StatusError('Invalid', `illegal artifact key: ${key}`)
  }
  let path = root
  for (const segment of segments.slice(0, -1)) {
    path = join(path, segment)
    const entry = await statOf(path)
    if (!entry) break
    if (entry.isSymbolicLink()) {
      throw new StatusError('Invalid', `illegal artifact key: ${key} leads through a link`)
    }
  }
  return join(root, ...segments)
}

async function find(root: string, key: string): Promise<{ path: string; unpacked: boolean }> {
  const place = await placeOf(root, key)
  if ((await statOf(place + suffix))?.isDirectory()) {
    const [entry] = await readdir(place + suffix)
    if (entry !== undefined) return { path: join(place + suffix, entry), unpacked: true }
  }
  const entry = await statOf(place)
  if (entry?.isFile() || entry?.isDirectory()) return { path: place, unpacked: false }
  throw new StatusError('NotFound', `no artifact at key ${key}`)
}

async function build(
  source: Source,
  artifact: Artifact,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = source.name ?? basename(source.path)
  if (artifact.archive?.zip) return download(await packZip(source.path, name), path, signal)
  const how = { by: source.settled ? 'link' : 'copy', escapingLinks: 'keep' } as const
  if (artifact.archive?.none) return cloneTree(source.path, path, how)
  await mkdir(path)
  await cloneTree(source.path, join(path, name), how)
}

/** Puts what was built at its key, over an older artifact, whichever of the two forms that one had. */
async function settle(
  built: string,
  room: string,
  place: string,
  unpacked: boolean,
): Promise<void> {
  await mkdir(dirname(place), { recursive: true })
  const [here, there] = unpacked ? [place + suffix, place] : [place, place + suffix]
  if ((await statOf(here))?.isDirectory()) await rename(here, join(room, 'old'))
  await rename(built, here)
  await rm(there, { recursive: true, force: true })
}

const toStep = { by: 'copy', escapingLinks: 'refuse' } as const

async function loadUnpacked(
  path: string,
  target: string,
  archive: ArchiveStrategy | undefined,
): Promise<void> {
  if (archive?.zip) throw new StatusError('Invalid', 'zip: not a valid zip file')
  // argo: `archive: none` on an input asks for the tarball itself.
  if (archive?.none) return download(packTar(path), target)
  await cloneTree(path, target, toStep)
}

async function loadPlain(
  path: string,
  target: string,
  archive: ArchiveStrategy | undefined,
): Promise<void> {
  const entry = await lstat(path)
  if (!entry.isDirectory()) return unpack(await copyForUnpacking(path, target), target, archive)
  if (archive?.tar || archive?.zip) {
    throw new StatusError('Invalid', `${basename(path)} is a directory, not an archive`)
  }
  await cloneTree(path, target, toStep)
}

/** A file that is an archive has to be unpacked. */
async function isKeptAsItIs(archive: ArchiveStrategy | undefined, path: string): Promise<boolean> {
  if (archive?.none || (await lstat(path)).isDirectory()) return !archive?.tar && !archive?.zip
  return !archive?.tar && !archive?.zip && !(await isTarGzip(path))
}

function openUnpacked(path: string, archive: ArchiveStrategy | undefined): Readable {
  return packTar(path, basename(path), archive?.tar?.compressionLevel)
}

async function openPlain(path: string): Promise<Readable> {
  const entry = await lstat(path)
  if (entry.isDirectory()) return packTar(path)
  return createReadStream(path)
}

/** What is kept unpacked is one object, whatever is in it. */
async function keysBelow(path: string, key: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const below = `${key}/${entry.name}`
    if (entry.name.endsWith(suffix)) found.push(below.slice(0, -suffix.length))
    else if (entry.isDirectory()) found.push(...(await keysBelow(join(path, entry.name), below)))
    else found.push(below)
  }
  return found.sort()
}

async function statOf(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
