import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { discardAll, type Runtime, removeStateDir } from '@argosy/cluster'

const prefix = 'argosy-run-'
/** The second is of who tried out the sandbox (packages/cluster/src/node/runtimes/sandbox.ts). */
const temporary = /^argosy-(?:run|try)-(\d+)-/

/** A new temporary folder; its name says whose it is. */
export async function temporaryFolder(): Promise<string> {
  // TMPDIR may be said from where one is; steps are elsewhere.
  const place = resolve(tmpdir())
  try {
    return await mkdtemp(join(place, `${prefix}${process.pid}-`))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `no temporary folder can be made in ${place}: ${why} (TMPDIR names another place, or say --data-dir)`,
      { cause: error },
    )
  }
}

/** Ends and removes what those left behind in the temporary folder who were killed. */
async function sweep(runtime: Runtime): Promise<void> {
  for (const name of await entries(tmpdir())) {
    const pid = temporary.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await clear(join(tmpdir(), name), runtime)
  }
}

/** The same beside the work: who awaits it waits for the rest of it. */
export function sweeping(runtime: Runtime, log: (line: string) => void): Promise<void> {
  return sweep(runtime).catch((error: unknown) => log(`cleaning up: ${String(error)}`))
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
