import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Artifact } from '@argosy/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Driver } from './driver.ts'

/** A driver under test and how to name a place in it. */
export interface Subject {
  readonly name: string
  open(dir: string): Driver
  at(key: string): Partial<Artifact>
  /** How a listing names a key; default: as it is. */
  listed?(key: string): string
  /** Without archive it keeps neither modes nor links nor empty directories: it is a store of objects. */
  readonly flat?: boolean
}

const archives = [
  ['the default archive', {}],
  ['tar', { archive: { tar: {} } }],
  ['no archive', { archive: { none: {} } }],
  ['zip', { archive: { zip: {} } }],
] as const

/** Every driver that can save keeps what driver.ts promises. */
export function driverContract(subject: Subject): void {
  describe(`${subject.name} driver`, () => {
    let room: string
    let driver: Driver
    const artifact = (key: string, more: Partial<Artifact> = {}): Artifact => ({
      name: 'art',
      ...subject.at(key),
      ...more,
    })
    const missing = (work: Promise<unknown>) =>
      expect(work).rejects.toMatchObject({ name: 'StatusError', reason: 'NotFound' })
    const expectLike = (path: string, how: Pick<Artifact, 'archive'>) =>
      subject.flat && how.archive?.none ? expectFiles(path) : expectTree(path)

    beforeEach(async () => {
      room = await mkdtemp(join(tmpdir(), 'argosy-driver-'))
      driver = subject.open(join(room, 'kept'))
    })
    afterEach(() => rm(room, { recursive: true, force: true }))

    test.each(archives)('a file comes back as a file, by %s', async (_, how) => {
      await writeFile(join(room, 'in'), 'text', { mode: 0o750 })
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('a/b', how))
      await driver.load(artifact('a/b', how), join(room, 'out'))
      expect(await readFile(join(room, 'out'), 'utf8')).toBe('text')
    })

    test.each(archives)('a directory comes back as a directory, by %s', async (_, how) => {
      await makeTree(join(room, 'in'))
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('a/b', how))
      await driver.load(artifact('a/b', how), join(room, 'out'))
      await expectLike(join(room, 'out'), how)
    })

    test.each([true, false])(
      'what is kept does not change with its source (settled: %s)',
      async (settled) => {
        await writeFile(join(room, 'in'), 'old')
        await driver.save({ path: join(room, 'in'), settled }, artifact('a'))
        // A settled file is never written to again, but its directory may go.
        if (settled) await rm(join(room, 'in'))
        else await writeFile(join(room, 'in'), 'new')
        await driver.load(artifact('a'), join(room, 'out'))
        expect(await readFile(join(room, 'out'), 'utf8')).toBe('old')
      },
    )

    test.each([true, false])(
      'what is kept does not change with what was loaded (settled: %s)',
      async (settled) => {
        await makeTree(join(room, 'in'))
        await driver.save({ path: join(room, 'in'), settled }, artifact('a'))
        await driver.load(artifact('a'), join(room, 'out'))
        await writeFile(join(room, 'out/file'), 'scribble')
        await writeFile(join(room, 'out/more'), 'scribble')
        await driver.load(artifact('a'), join(room, 'again'))
        await expectTree(join(room, 'again'))
        await missing(
          lstat(join(room, 'again/more')).catch(() =>
            driver.load(artifact('none'), join(room, 'x')),
          ),
        )
      },
    )

    test('what is lent is whole, and the place of it is its own', async () => {
      if (!driver.lend) return
      await makeTree(join(room, 'in'))
      await writeFile(join(room, 'in/large'), Buffer.alloc(2 ** 21, 'x'))
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('a'))
      expect(await driver.lend(artifact('a'), join(room, 'out'))).toBe(true)
      await expectTree(join(room, 'out'))
      await rm(join(room, 'out'), { recursive: true })
      await driver.load(artifact('a'), join(room, 'again'))
      await expectTree(join(room, 'again'))
      await missing(driver.lend(artifact('none'), join(room, 'x')))
    })

    test('a later save takes the place of the earlier, whatever forms they have', async () => {
      await writeFile(join(room, 'file'), 'file')
      await makeTree(join(room, 'tree'))
      for (const [index, [, how]] of [...archives, ...archives].entries()) {
        const source = join(room, index % 2 === 0 ? 'file' : 'tree')
        await driver.save({ path: source, settled: false }, artifact('a', how))
        const out = join(room, `out-${index}`)
        await driver.load(artifact('a', how), out)
        if (index % 2 === 1) await expectLike(out, how)
        else expect(await readFile(out, 'utf8')).toBe('file')
      }
    })

    test('an archive can be fetched as bytes and unpacked elsewhere', async () => {
      await makeTree(join(room, 'in'))
      await driver.save({ path: join(room, 'in'), settled: true }, artifact('a.tgz'))
      const bytes = await buffer(await driver.open(artifact('a.tgz')))
      expect([bytes[0], bytes[1]]).toEqual([0x1f, 0x8b])
      await writeFile(join(room, 'a.tgz'), bytes)
      const plain = { archive: { none: {} } }
      await driver.save({ path: join(room, 'a.tgz'), settled: false }, artifact('b', plain))
      await driver.load(artifact('b'), join(room, 'out'))
      await expectTree(join(room, 'out'))
    })

    test('a tarball that a step made itself stays a tarball', async () => {
      await makeTree(join(room, 'in'))
      await driver.save({ path: join(room, 'in'), settled: true }, artifact('a'))
      await writeFile(join(room, 'own.tgz'), await buffer(await driver.open(artifact('a'))))
      await driver.save({ path: join(room, 'own.tgz'), settled: true }, artifact('b'))
      await driver.load(artifact('b'), join(room, 'out'))
      expect((await lstat(join(room, 'out'))).isFile()).toBe(true)
    })

    test('`archive: none` on the way in gives the bytes as they are kept', async () => {
      await writeFile(join(room, 'in'), 'text')
      await driver.save({ path: join(room, 'in'), settled: true }, artifact('a'))
      await driver.load(artifact('a', { archive: { none: {} } }), join(room, 'out'))
      const bytes = await readFile(join(room, 'out'))
      expect([bytes[0], bytes[1]]).toEqual([0x1f, 0x8b])
    })

    test('an absent artifact is NotFound, and removing it is no error', async () => {
      await missing(driver.load(artifact('none'), join(room, 'out')))
      await missing(driver.open(artifact('none')))
      await driver.remove(artifact('none'))
    })

    test('a removed artifact is gone', async () => {
      await makeTree(join(room, 'in'))
      for (const [, how] of archives) {
        await driver.save({ path: join(room, 'in'), settled: false }, artifact('a', how))
        await driver.remove(artifact('a', how))
        await missing(driver.load(artifact('a', how), join(room, 'out')))
      }
    })

    test('a directory can be listed, and one object is none', async () => {
      await makeTree(join(room, 'in'))
      const plain = { archive: { none: {} } }
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('d/tree', plain))
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('d/packed.tgz'))
      const named = (key: string) => subject.listed?.(key) ?? key
      const listed = [...(await driver.list(artifact('d/tree')))].sort()
      const links = subject.flat ? [] : ['d/tree/link']
      expect(listed).toEqual(['d/tree/file', ...links, 'd/tree/sub/tool'].map(named))
      expect(await driver.list(artifact('d'))).toContain(named('d/packed.tgz'))
      expect(await driver.list(artifact('d/packed.tgz'))).toEqual([])
      expect(await driver.isDirectory(artifact('d/tree'))).toBe(true)
      expect(await driver.isDirectory(artifact('d/packed.tgz'))).toBe(false)
      expect(await driver.isDirectory(artifact('none'))).toBe(false)
      await missing(driver.list(artifact('none')))
    })

    test('a link that leads out is kept, and refused on the way in', async () => {
      await mkdir(join(room, 'in'))
      await symlink('../../etc/passwd', join(room, 'in/evil'))
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('a'))
      await expect(driver.load(artifact('a'), join(room, 'out'))).rejects.toThrow(
        /illegal symlink target: .*evil -> \.\.\/\.\.\/etc\/passwd/,
      )
    })

    test('whoever gives up leaves what was there', async () => {
      await writeFile(join(room, 'in'), 'old')
      await driver.save({ path: join(room, 'in'), settled: false }, artifact('a'))
      const absent = { path: join(room, 'absent'), settled: false }
      await expect(driver.save(absent, artifact('a'))).rejects.toThrow()
      await driver.load(artifact('a'), join(room, 'out'))
      expect(await readFile(join(room, 'out'), 'utf8')).toBe('old')
    })
  })
}

async function makeTree(path: string): Promise<void> {
  await mkdir(join(path, 'sub/empty'), { recursive: true })
  await writeFile(join(path, 'file'), 'one')
  await writeFile(join(path, 'sub/tool'), '#!/bin/sh\n', { mode: 0o755 })
  await chmod(join(path, 'sub/tool'), 0o755)
  await symlink('sub/tool', join(path, 'link'))
}

async function expectFiles(path: string): Promise<void> {
  expect(await readFile(join(path, 'file'), 'utf8')).toBe('one')
  expect(await readFile(join(path, 'sub/tool'), 'utf8')).toBe('#!/bin/sh\n')
}

async function expectTree(path: string): Promise<void> {
  expect(await readFile(join(path, 'file'), 'utf8')).toBe('one')
  expect(await readFile(join(path, 'sub/tool'), 'utf8')).toBe('#!/bin/sh\n')
  expect((await lstat(join(path, 'sub/tool'))).mode & 0o777).toBe(0o755)
  expect((await lstat(join(path, 'sub/empty'))).isDirectory()).toBe(true)
  expect(await readlink(join(path, 'link'))).toBe('sub/tool')
}
