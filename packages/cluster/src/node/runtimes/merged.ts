import { constants, type Stats } from 'node:fs'
import {
  chmod,
  copyFile,
  link,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  symlink,
  utimes,
} from 'node:fs/promises'

/** Where the machine has a path of a container. */
export interface Found {
  readonly path: string
  readonly stats: Stats
  /** In the container's own layer: nobody else has this file. */
  readonly own?: boolean
}

export type Lookup = (path: string) => Promise<Found | undefined>

/** A container's files as it sees them. */
export interface Tree {
  readonly lookup: Lookup
  /** The directory below that shows through the one that `lookup` gives for the same path. */
  readonly lower: Lookup
  /** Does a mount lie somewhere below this path? */
  holdsMount(path: string): boolean
}

/**
 * Where the machine has all of a container's directory. One that lies in a single place is answered with that place;
 * one that the container's layer, its root and its mounts make up together is put together in the container's scratch directory.
 */
export async function wholeDirectory(
  scratch: string,
  at: string,
  found: Found,
  tree: Tree,
): Promise<string> {
  const lower = await tree.lower(at)
  if (!tree.holdsMount(at)) {
    if (!lower) return found.path
    if (found.stats.mode === lower.stats.mode && (await isEmpty(found.path))) return lower.path
  }
  const target = `${await mkdtemp(`${scratch}/merged-`)}/${at.slice(at.lastIndexOf('/') + 1) || 'root'}`
  await put({ at, found, target }, tree)
  return target
}

interface Entry {
  /** The path inside the container. */
  readonly at: string
  readonly found: Found
  readonly target: string
}

async function put({ at, found, target }: Entry, tree: Tree): Promise<void> {
  const { stats, path } = found
  try {
    if (stats.isDirectory()) return await putDirectory({ at, found, target }, tree)
    if (stats.isSymbolicLink()) {
      await symlink(await readlink(path), target)
      await lutimes(target, stats.atime, stats.mtime)
    } else if (stats.isFile()) await putFile(found, target)
    // Sockets, pipes and devices hold nothing that could be kept.
  } catch (error) {
    throw inWords(error, at)
  }
}

/** Enough entries in flight to keep the disk busy, few enough for a directory of a million. */
const atOnce = 64

async function putDirectory({ at, found, target }: Entry, tree: Tree): Promise<void> {
  await mkdir(target)
  const lower = await tree.lower(at)
  const names = new Set(await readdir(found.path))
  for (const name of lower ? await readdir(lower.path) : []) names.add(name)
  const all = [...names]
  for (let start = 0; start < all.length; start += atOnce) {
    const batch = all.slice(start, start + atOnce)
    await Promise.all(batch.map((name) => putChild(name, { at, target }, tree)))
  }
  await likeBefore(target, found.stats)
}

async function putChild(
  name: string,
  parent: { readonly at: string; readonly target: string },
  tree: Tree,
): Promise<void> {
  const at = parent.at === '/' ? `/${name}` : `${parent.at}/${name}`
  // Absent: the container removed what the root below still has.
  const found = await tree.lookup(at)
  if (found) await put({ at, found, target: `${parent.target}/${name}` }, tree)
}

/** Only the container's own files may be shared: the machine goes on changing its own, and mounts have other users. */
async function putFile({ path, stats, own }: Found, target: string): Promise<void> {
  if (own && (await shared(path, target))) return
  // Shares the blocks copy-on-write where the file system can.
  await copyFile(path, target, constants.COPYFILE_FICLONE)
  await likeBefore(target, stats)
}

async function shared(path: string, target: string): Promise<boolean> {
  return link(path, target).then(
    () => true,
    () => false,
  )
}

async function likeBefore(target: string, { mode, atime, mtime }: Stats): Promise<void> {
  await chmod(target, mode & 0o7777)
  await utimes(target, atime, mtime)
}

async function isEmpty(path: string): Promise<boolean> {
  return (await readdir(path)).length === 0
}

/** The path that a user knows, not the machine's. */
function inWords(error: unknown, at: string): Error {
  if (error instanceof Unreadable) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new Unreadable(`open ${at}: ${words[code] ?? code}`, { cause: error })
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOSPC: 'no space left on device',
}

class Unreadable extends Error {}
