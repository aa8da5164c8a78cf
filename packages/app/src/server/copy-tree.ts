import { constants, type Stats } from 'node:fs'
import { copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Copies a file or a folder with its times while others work on it: what is gone by then is left out, and so are
 * sockets and pipes, which mean nothing elsewhere.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  try {
    await copyOne(from, to, await lstat(from))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    // Only what is copied may vanish, not the place where it is copied to.
    if (await isThere(from)) throw error
  }
}

async function copyOne(from: string, to: string, stats: Stats): Promise<void> {
  if (stats.isSymbolicLink()) return symlink(await readlink(from), to)
  if (stats.isDirectory()) {
    await mkdir(to, { recursive: true, mode: stats.mode & 0o7777 })
    for (const name of await readdir(from)) await copyTree(join(from, name), join(to, name))
  } else if (stats.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE)
  else return
  await utimes(to, stats.atime, stats.mtime)
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
