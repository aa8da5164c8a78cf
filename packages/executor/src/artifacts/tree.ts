import { constants, type Dirent } from 'node:fs'
import {
  chmod,
  copyFile,
  link,
  lstat,
  lutimes,
  mkdir,
  readdir,
  readlink,
  symlink,
  utimes,
} from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { StatusError } from '@argosy/kube'

/** How files get from one tree to another: `link` shares the bytes and is for files that nobody writes to any more. */
export interface CloneOptions {
  readonly by: 'link' | 'copy'
  /** What to do with a symbolic link that points out of the tree. */
  readonly escapingLinks: 'keep' | 'refuse'
}

/** Makes `to` equal to `from`: files, directories, links, modes and times. Never follows a link. */
export async function cloneTree(from: string, to: string, options: CloneOptions): Promise<void> {
  await cloneEntry(from, to, { ...options, root: from })
}

/** True when `path` is `root` or below it, going by the names alone. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}

/** Where a link at `path` leads, by the names alone, must be below `root`. */
export function refuseEscapingLink(root: string, path: string, goal: string): void {
  if (isWithin(root, resolve(dirname(path), goal)) && !isAbsolute(goal)) return
  // argo: executor.go `untar` refuses these since CVE-2025-62156.
  throw new StatusError('Invalid', `illegal symlink target: ${relative(root, path)} -> ${goal}`)
}

interface Cloning extends CloneOptions {
  readonly root: string
}

async function cloneEntry(from: string, to: string, cloning: Cloning): Promise<void> {
  const entry = await lstat(from)
  if (entry.isDirectory()) {
    await mkdir(to)
    await cloneChildren(from, to, cloning)
    await chmod(to, entry.mode & 0o7777)
    await utimes(to, entry.atime, entry.mtime)
  } else if (entry.isSymbolicLink()) {
    const goal = await readlink(from)
    if (cloning.escapingLinks === 'refuse') refuseEscapingLink(cloning.root, from, goal)
    await symlink(goal, to)
    await lutimes(to, entry.atime, entry.mtime)
  } else if (entry.isFile()) {
    await cloneFile(from, to, cloning.by)
  }
  // argo: sockets, pipes and devices are left out of archives.
}

/** Enough entries in flight to keep the file system busy, few enough for a directory of a million. */
const atOnce = 64

async function cloneChildren(from: string, to: string, cloning: Cloning): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true })
  const clone = (entry: Dirent) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    // A file that is linked needs no look at it: it stays what it is.
    const linked = entry.isFile() && cloning.by === 'link'
    return linked ? cloneFile(source, target, 'link') : cloneEntry(source, target, cloning)
  }
  for (let start = 0; start < entries.length; start += atOnce) {
    await Promise.all(entries.slice(start, start + atOnce).map(clone))
  }
}

/** The error codes that mean "no hard link between these two": other disk, not permitted, too many links. */
const unlinkable = new Set(['EXDEV', 'EPERM', 'EMLINK', 'EACCES', 'ENOTSUP'])

async function cloneFile(from: string, to: string, by: CloneOptions['by']): Promise<void> {
  if (by === 'link') {
    try {
      return await link(from, to)
    } catch (error) {
      if (!unlinkable.has(codeOf(error))) throw error
    }
  }
  // Shares the blocks copy-on-write where the file system can (btrfs, xfs, apfs), copies where it cannot.
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  const { atime, mtime } = await lstat(from)
  await utimes(to, atime, mtime)
}

const smallBytes = 1024 * 1024
const smallCount = 100

/** Whether a copy costs no more than whatever would save it. */
export async function isSmall(path: string): Promise<boolean> {
  let bytes = 0
  let count = 0
  const todo = [path]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const entry = await lstat(next)
    if (entry.isDirectory()) for (const name of await readdir(next)) todo.push(join(next, name))
    else bytes += entry.size
    count += 1
    if (bytes > smallBytes || count + todo.length > smallCount) return false
  }
  return true
}

/** Node's error code, '' for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** chmod of one file or, `recursive`, of all below it. Links keep theirs. */
export async function setMode(path: string, mode: number, recursive: boolean): Promise<void> {
  const entry = await lstat(path)
  if (entry.isSymbolicLink()) return
  if (recursive && entry.isDirectory()) {
    for (const name of await readdir(path)) await setMode(join(path, name), mode, true)
  }
  await chmod(path, mode)
}
