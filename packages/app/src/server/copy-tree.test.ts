import { execFileSync } from 'node:child_process'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyTree } from './copy-tree.ts'

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-copy-'))
  await mkdir(join(room, 'from/deep'), { recursive: true })
})
afterEach(() => rm(room, { recursive: true, force: true }))

const from = (name = '') => join(room, 'from', name)
const to = (name = '') => join(room, 'to', name)

test('files, folders and links are copied as they are, with modes and times', async () => {
  await writeFile(from('deep/x'), 'text')
  await chmod(from('deep/x'), 0o640)
  await utimes(from('deep/x'), 1, 2)
  await symlink('/nowhere', from('link'))
  await copyTree(from(), to())
  expect(await readFile(to('deep/x'), 'utf8')).toBe('text')
  const { mode, mtimeMs } = await lstat(to('deep/x'))
  expect([mode & 0o777, mtimeMs]).toEqual([0o640, 2000])
  expect(await readlink(to('link'))).toBe('/nowhere')
})

test('what is no file is left out', async () => {
  execFileSync('mkfifo', [from('pipe')])
  await writeFile(from('file'), '')
  await copyTree(from(), to())
  expect((await readdir(to())).toSorted()).toEqual(['deep', 'file'])
})

test('what goes while it is copied is left out', async () => {
  for (let count = 0; count < 100; count++) await writeFile(from(`f${count}`), '')
  const copied = copyTree(from(), to())
  for (let count = 99; count >= 0; count--) await rm(from(`f${count}`))
  await copied
  await copyTree(join(room, 'never'), to('never'))
})
