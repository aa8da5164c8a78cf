import { mkdir, readdir, readlink, rm, stat, statfs, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { randomHex } from '@argosy/kube'
import { codeIs } from './code-is.ts'

const prefix = 'argosy-'
const dayMs = 24 * 3600 * 1000

/**
 * Makes `<dataDir>/containers`, or finds the one that an earlier process made.
 *
 * Containers are recorded there: made and removed several times for each step, read after a crash of this program, worth
 * nothing after a restart of the machine, which ends all containers. So it is kept in memory where the machine has a file
 * system for that, and a link in the data directory leads there. Whoever finds it gone goes by the pods' statuses.
 */
export async function openStateDir(
  dataDir: string,
  { memory = '/dev/shm', unusedForMs = dayMs, make = makeDir } = {},
): Promise<void> {
  const path = join(dataDir, 'containers')
  if (await isThere(path)) return
  await rm(path, { force: true })
  if (await isRoomy(memory)) {
    await sweep(memory, unusedForMs)
    const target = `${memory}/${prefix}${randomHex(12)}`
    if (await isMade(target, make)) {
      await symlink(resolve(dataDir), join(target, 'data-dir'))
      await symlink(target, path)
      return
    }
  }
  await mkdir(path)
}

async function makeDir(path: string): Promise<void> {
  await mkdir(path, { mode: 0o755 })
}

/** It may be read-only, or another's. */
async function isMade(path: string, make: (path: string) => Promise<void>): Promise<boolean> {
  return make(path).then(
    () => true,
    (error: unknown) => {
      if (codeIs(error, 'EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT')) return false
      throw error
    },
  )
}

/** For who removes a data directory: what of it lies elsewhere. Nothing may run any more. */
export async function removeStateDir(dataDir: string): Promise<void> {
  const target = await readlink(join(dataDir, 'containers')).catch(() => undefined)
  if (target !== undefined) await rm(target, { recursive: true, force: true })
}

/** Data directories are removed by hand, too. What others own, or may still be using where we do not see it, stays. */
async function sweep(memory: string, unusedForMs: number): Promise<void> {
  const names = (await readdir(memory)).filter((name) => name.startsWith(prefix))
  await Promise.all(names.map((name) => sweepOne(join(memory, name), unusedForMs)))
}

async function sweepOne(path: string, unusedForMs: number): Promise<void> {
  const changedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )
  if (Date.now() - changedAt < unusedForMs) return
  const link = join(path, 'data-dir')
  if (!(await isLink(link)) || !(await isGone(link))) return
  await rm(path, { recursive: true, force: true }).catch(() => undefined)
}

async function isGone(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => codeIs(error, 'ENOENT'),
  )
}

async function isLink(path: string): Promise<boolean> {
  return readlink(path).then(
    () => true,
    () => false,
  )
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => {
      if (codeIs(error, 'ENOENT')) return false
      throw error
    },
  )
}

const tmpfs = 0x01021994
const enoughBytes = 16 * 2 ** 20

/** Some kilobytes for each living container are needed; a container's own /dev/shm often has 64 MB. */
async function isRoomy(path: string): Promise<boolean> {
  return statfs(path).then(
    ({ type, bavail, bsize }) => type === tmpfs && bavail * bsize >= enoughBytes,
    () => false,
  )
}
