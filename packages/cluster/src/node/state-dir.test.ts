import { lstat, mkdtemp, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStateDir, removeStateDir } from './state-dir.ts'

test('what earlier processes recorded is found again; after a restart of the machine it is empty', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-state-'))
  const path = join(dataDir, 'containers')
  await openStateDir(dataDir)
  await writeFile(join(path, 'mark'), '')
  await openStateDir(dataDir)
  expect(await readdir(path)).toContain('mark')
  await removeStateDir(dataDir)
  await openStateDir(dataDir)
  expect(await readdir(path)).toEqual(
    (await lstat(path)).isSymbolicLink() ? ['data-dir'] : ['mark'],
  )
  const target = await readlink(path).catch(() => undefined)
  await removeStateDir(dataDir)
  if (target) await expect(stat(target)).rejects.toThrow('ENOENT')
  await rm(dataDir, { recursive: true })
})

test('without a file system in memory it lies in the data directory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-state-'))
  await openStateDir(dataDir, { memory: '/nowhere' })
  await openStateDir(dataDir, { memory: '/proc' })
  expect((await lstat(join(dataDir, 'containers'))).isDirectory()).toBe(true)
  await removeStateDir(dataDir)
  await rm(dataDir, { recursive: true })
})

test('where nothing can be made in memory it lies in the data directory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-state-'))
  const readOnly = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })
  await openStateDir(dataDir, { make: () => Promise.reject(readOnly) })
  expect((await lstat(join(dataDir, 'containers'))).isDirectory()).toBe(true)
  await rm(dataDir, { recursive: true })
})

test('what belongs to a data directory that was removed by hand goes with the next one', async () => {
  const one = await mkdtemp(join(tmpdir(), 'argosy-state-'))
  await openStateDir(one)
  const target = await readlink(join(one, 'containers')).catch(() => undefined)
  await rm(one, { recursive: true })
  const two = await mkdtemp(join(tmpdir(), 'argosy-state-'))
  await openStateDir(two, { unusedForMs: 0 })
  if (target) await expect(stat(target)).rejects.toThrow('ENOENT')
  await removeStateDir(two)
  await rm(two, { recursive: true })
})
