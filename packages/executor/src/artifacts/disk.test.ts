import { lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diskDriver } from './disk.ts'
import { driverContract } from './driver.contract.ts'

driverContract({ name: 'disk', open: diskDriver, at: (key) => ({ disk: { key } }) })

let room: string
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-disk-'))
  await mkdir(join(room, 'kept'))
  await writeFile(join(room, 'secret'), 'secret')
  await writeFile(join(room, 'in'), 'text')
})
afterAll(() => rm(room, { recursive: true, force: true }))

test('a settled file is linked, not copied', async () => {
  const driver = diskDriver(join(room, 'kept'))
  await driver.save(
    { path: join(room, 'in'), settled: true },
    { name: 'a', disk: { key: 'x/a.tgz' } },
  )
  const kept = await lstat(join(room, 'kept/x/a.tgz.unpacked/in'))
  expect(kept.ino).toBe((await lstat(join(room, 'in'))).ino)
})

test('no key leads out of the root', async () => {
  const driver = diskDriver(join(room, 'kept'))
  const segment = fc.constantFrom('..', '.', '', 'a', 'b', '...', '..a', 'kept', 'secret')
  const key = fc
    .array(segment, { minLength: 1, maxLength: 6 })
    .map((segments) => segments.join('/'))
  await fc.assert(
    fc.asyncProperty(key, async (key) => {
      const artifact = { name: 'a', disk: { key }, archive: { none: {} } }
      await driver.save({ path: join(room, 'in'), settled: false }, artifact).catch(() => undefined)
      await driver.remove(artifact).catch(() => undefined)
      expect((await readdir(room)).sort()).toEqual(['in', 'kept', 'secret'])
    }),
    { numRuns: 200 },
  )
})

test('a key does not lead through a kept link', async () => {
  const root = join(room, 'linked')
  const driver = diskDriver(root)
  await mkdir(join(room, 'evil'))
  await symlink(room, join(room, 'evil/out'))
  const evil = { name: 'a', disk: { key: 'evil' }, archive: { none: {} } }
  await driver.save({ path: join(room, 'evil'), settled: false }, evil)
  const through = { name: 'a', disk: { key: 'evil/out/secret' } }
  await expect(driver.load(through, join(room, 'stolen'))).rejects.toThrow(/leads through a link/)
  await expect(driver.save({ path: join(room, 'in'), settled: false }, through)).rejects.toThrow()
  await rm(join(room, 'evil'), { recursive: true })
  await rm(root, { recursive: true })
})
