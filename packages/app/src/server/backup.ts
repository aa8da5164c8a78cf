import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { copyDatabase, makeFolder } from '@argosy/cluster'
import { copyTree } from './copy-tree.ts'

/** What a machine makes anew, or what is worth nothing elsewhere. */
const left = new Set([
  ...['containers', 'hosts', 'images', 'kubeconfig', 'lock.db', 'names', 'pods', 'scratch'],
])

/** Says why a backup or a restore cannot be made. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

/**
 * Copies a data directory, also one that a server is using: the databases first, each as it is at one moment, then what
 * they speak of (logs, artifacts, claims, keys). Returns what was copied.
 */
export async function backUp(dataDir: string, to: string): Promise<readonly string[]> {
  const names = await namesIn(dataDir)
  if (!names.includes('store.db')) {
    throw new BackupError(`${dataDir} is no data directory: it has no store.db`)
  }
  if (`${resolve(to)}${sep}`.startsWith(`${resolve(dataDir)}${sep}`)) {
    throw new BackupError(`${to} is in the data directory itself: name a folder elsewhere`)
  }
  return filling(to, async (draft) => {
    const copied = names.filter((name) => !left.has(name) && !isJournal(name)).toSorted(byKind)
    for (const name of copied) {
      if (isDatabase(name)) await copyDatabase(join(dataDir, name), join(draft, name))
      else await copyTree(join(dataDir, name), join(draft, name))
    }
    return copied
  })
}

/** Makes a data directory of a backup. */
export async function restore(from: string, dataDir: string): Promise<readonly string[]> {
  const names = await namesIn(from)
  if (!names.includes('store.db')) throw new BackupError(`${from} is no backup: it has no store.db`)
  return filling(dataDir, async (draft) => {
    for (const name of names) await copyTree(join(from, name), join(draft, name))
    return names
  })
}

/** Fills a folder that is not there, or empty, under another name until it is whole. */
async function filling<T>(path: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const target = resolve(path)
  const isThere = (await statsOf(target)) !== undefined
  if (isThere && (await namesIn(path)).length > 0) {
    throw new BackupError(`${path} is not empty: name a folder that is not there yet`)
  }
  const draft = join(target, '..', `.${basename(target)}.${process.pid}.new`)
  try {
    made(draft, path)
    const filled = await fill(draft)
    // Nothing but an empty folder gives way.
    if (isThere) await rmdir(target)
    await rename(draft, target)
    return filled
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

function made(draft: string, path: string): void {
  try {
    makeFolder(draft, 0o700)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new BackupError(`${path} cannot be made: ${why}`)
  }
}

async function namesIn(path: string): Promise<readonly string[]> {
  const stats = await statsOf(path)
  if (!stats) throw new BackupError(`${path} is not there`)
  if (!stats.isDirectory()) throw new BackupError(`${path} is no folder`)
  return readdir(path)
}

/** Undefined where there is nothing. */
async function statsOf(path: string) {
  return stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}

function isDatabase(name: string): boolean {
  return name.endsWith('.db')
}

function isJournal(name: string): boolean {
  return /\.db-(?:wal|shm|journal)$/.test(name)
}

function byKind(a: string, b: string): number {
  return Number(isDatabase(b)) - Number(isDatabase(a)) || (a < b ? -1 : 1)
}
