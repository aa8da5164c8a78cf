import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder } from '../make-folder.ts'

/** Keeps a data directory for this process, until closed or until the process ends, however it ends. */
export function lockDirectory(directory: string, name = 'lock.db'): { close(): void } {
  const lock = openIn(directory, name)
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new Error(
      `the data directory ${directory} is in use by another process: stop it, or choose another directory`,
      { cause: error },
    )
  }
  return lock
}

function openIn(directory: string, name: string): DatabaseSync {
  try {
    makeFolder(directory, 0o700)
    // SQLite's lock is the operating system's: unlike a file with a process id it cannot outlive its holder.
    return new DatabaseSync(join(directory, name), { timeout: 0 })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `the data directory ${directory} cannot be used: ${why}: choose a folder that this user may write to`,
      { cause: error },
    )
  }
}

function isBusy(error: unknown): boolean {
  const busy = 5
  return error instanceof Error && 'errcode' in error && error.errcode === busy
}
