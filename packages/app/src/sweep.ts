import { chmod, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discardAll, type Runtime, removeStateDir } from '@argosy/cluster'

const prefix = 'argosy-run-'

/** A new temporary folder's name begins so: it says whose it is. */
export function temporaryPrefix(): string {
  return join(tmpdir(), `${prefix}${process.pid}-`)
}

/** Ends and removes what runs without a data directory left behind when they were killed. */
export async function sweep(runtime: Runtime): Promise<void> {
  for (const name of await entries(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await clear(join(tmpdir(), name), runtime)
  }
}

async function clear(dataDir: string, runtime: Runtime): Promise<void> {
  await discardAll(runtime, dataDir)
  await removeDataDir(dataDir)
}

/** A data directory that nobody uses any more, and what of it lies elsewhere. */
export async function removeDataDir(path: string): Promise<void> {
  await removeStateDir(path)
  await removeFolder(path)
}

/**
 * Steps that are just being killed may still write for a moment, and an ordinary user must first open what overlays and
 * steps have closed to him.
 */
async function removeFolder(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  try {
    await remove()
  } catch (error) {
    if (!isClosed(error)) throw error
    await openUp(path)
    await remove()
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EACCES'
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(join(folder, entry.name))
  }
}

/** A folder that is not there, or not ours to read, has nothing for us. */
async function entries(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => [])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
