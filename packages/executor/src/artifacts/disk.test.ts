import { randomBytes } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
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

test('a large file is lent by a link and outlives its place; what is small or has to be made is not lent', async () => {
  const driver = diskDriver(join(room, 'kept'))
  const [large, small] = [join(room, 'large'), join(room, 'in')]
  await writeFile(large, Buffer.alloc(2 ** 21, 'x'))
  const at = (key: string, more = {}) => ({ name: 'a', disk: { key }, ...more })
  const plain = { archive: { none: {} } }
  for (const [path, key, how] of [
    [large, 'lent/large', {}],
    [large, 'lent/plain', plain],
    [small, 'lent/small', {}],
  ] as const) {
    await driver.save({ path, settled: true }, at(key, how))
  }
  const lend = (key: string, how = {}) => driver.lend?.(at(key, how), join(room, 'borrowed'))
  expect(await lend('lent/small')).toBe(false)
  // The tarball itself is asked for: it has to be made.
  expect(await lend('lent/large', plain)).toBe(false)
  expect(await lend('lent/plain')).toBe(true)
  await rm(join(room, 'borrowed'))
  expect(await lend('lent/large')).toBe(true)
  expect((await lstat(join(room, 'borrowed'))).ino).toBe((await lstat(large)).ino)
  await driver.save({ path: small, settled: true }, at('lent/large'))
  expect((await lstat(join(room, 'borrowed'))).size).toBe(2 ** 21)
  await Promise.all([rm(join(room, 'borrowed')), rm(large)])
})

test('a tarball that was kept as it is is not lent: it has to be unpacked', async () => {
  const driver = diskDriver(join(room, 'kept'))
  await mkdir(join(room, 'noise'))
  for (const name of ['x', 'y']) await writeFile(join(room, 'noise', name), randomBytes(2 ** 20))
  const packed = { name: 'a', disk: { key: 'packed' } }
  await driver.save({ path: join(room, 'noise'), settled: true }, packed)
  await writeFile(join(room, 'noise.tgz'), await buffer(await driver.open(packed)))
  const plain = { name: 'a', disk: { key: 'plain' }, archive: { none: {} } }
  await driver.save({ path: join(room, 'noise.tgz'), settled: true }, plain)
  const unpacked = { name: 'a', disk: { key: 'plain' } }
  expect(await driver.lend?.(unpacked, join(room, 'lent'))).toBe(false)
  expect(await driver.lend?.(plain, join(room, 'lent'))).toBe(true)
  for (const name of ['noise', 'noise.tgz', 'lent']) await rm(join(room, name), { recursive: true })
})
