import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { Header } from 'tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { unpack } from './archive.ts'

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-archive-'))
  await mkdir(join(room, 'safe'))
  await writeFile(join(room, 'secret'), 'secret')
})
afterEach(() => rm(room, { recursive: true, force: true }))

interface Entry {
  readonly path: string
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory'
  readonly linkpath?: string
  readonly content?: string
}

/** A tar file with exactly these entries, however wicked. */
function tarOf(entries: readonly Entry[]): Buffer {
  const blocks: Buffer[] = []
  for (const { path, type = 'File', linkpath, content = '' } of entries) {
    const size = type === 'File' ? Buffer.byteLength(content) : 0
    const header = new Header({
      path,
      type,
      size,
      mode: 0o755,
      mtime: new Date(0),
      ...(linkpath && { linkpath }),
    })
    const block = Buffer.alloc(512)
    header.encode(block, 0)
    blocks.push(block)
    if (size > 0) blocks.push(Buffer.concat([Buffer.from(content)], Math.ceil(size / 512) * 512))
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

async function unpacked(bytes: Buffer, archive?: Parameters<typeof unpack>[2]): Promise<void> {
  await writeFile(join(room, 'safe/in'), bytes)
  await unpack(join(room, 'safe/in'), join(room, 'safe/out'), archive)
}

test('one entry alone is the artifact itself, more of them keep their directory', async () => {
  await unpacked(tarOf([{ path: 'only.txt', content: 'text' }]))
  expect(await readFile(join(room, 'safe/out'), 'utf8')).toBe('text')
  await rm(join(room, 'safe/out'))
  await unpacked(tarOf([{ path: 'a' }, { path: 'b' }]))
  expect(await readdir(join(room, 'safe/out'))).toEqual(['a', 'b'])
})

test('a large file that packs well comes back whole, and one that was cut short is an error', async () => {
  const content = 'x'.repeat(20 * 2 ** 20)
  const bytes = tarOf([
    { path: 'large', content },
    { path: 'small', content: 'text' },
  ])
  await unpacked(bytes)
  expect(await readFile(join(room, 'safe/out/large'), 'utf8')).toBe(content)
  expect(await readFile(join(room, 'safe/out/small'), 'utf8')).toBe('text')
  await rm(join(room, 'safe/out'), { recursive: true })
  await expect(unpacked(bytes.subarray(0, bytes.length / 2))).rejects.toThrow(
    'unexpected end of file',
  )
})

test('what is gzip but no tar stays as it is', async () => {
  const bytes = gzipSync('x'.repeat(2000))
  await unpacked(bytes)
  expect(await readFile(join(room, 'safe/out'))).toEqual(bytes)
})

test('a zip is unpacked only on request', async () => {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('text'), 'a.txt')
  zip.end()
  const bytes = await buffer(zip.outputStream)
  await unpacked(bytes)
  expect(await readFile(join(room, 'safe/out'))).toEqual(bytes)
  await rm(join(room, 'safe/out'))
  await unpacked(bytes, { zip: {} })
  expect(await readFile(join(room, 'safe/out'), 'utf8')).toBe('text')
})

test.each<[string, readonly Entry[], RegExp]>([
  ['..', [{ path: '../evil', content: 'x' }], /illegal file path: \.\.\/evil/],
  ['an absolute name', [{ path: '/tmp/evil', content: 'x' }], /illegal file path/],
  ['.. in the middle', [{ path: 'a/../../evil' }], /illegal file path/],
  [
    'a link out',
    [{ path: 'l', type: 'SymbolicLink', linkpath: '../x' }],
    /illegal symlink target: l -> \.\.\/x/,
  ],
  [
    'an absolute link',
    [{ path: 'l', type: 'SymbolicLink', linkpath: '/etc' }],
    /illegal symlink target/,
  ],
  [
    'a hard link out',
    [{ path: 'l', type: 'Link', linkpath: '../../secret' }],
    /illegal link target/,
  ],
])('%s is refused', async (_, entries, message) => {
  await expect(unpacked(tarOf([{ path: 'good' }, ...entries]))).rejects.toThrow(message)
  expect(await readdir(room)).toEqual(['safe', 'secret'])
  expect(await readdir(join(room, 'safe'))).toEqual([])
})

test('no archive writes outside of its target, whatever it tries', async () => {
  const names = fc.constantFrom(
    'a',
    'b',
    'a/c',
    '../secret',
    '../../secret',
    '/x',
    'a/../../secret',
    'a/..',
    '.',
    'l',
    'l/f',
  )
  const entry = fc.record({
    path: names,
    type: fc.constantFrom('File', 'SymbolicLink', 'Link', 'Directory'),
    linkpath: fc.constantFrom('a', '..', '../..', '../secret', '/', '.', 'l', 'a/c'),
    content: fc.constantFrom('', 'evil'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 6 }), async (entries) => {
      await Promise.race([
        unpacked(tarOf(entries as Entry[])).catch(() => undefined),
        new Promise((_, n) => setTimeout(() => n(new Error('hang')), 1500)),
      ])
      await rm(join(room, 'safe'), { recursive: true })
      await mkdir(join(room, 'safe'))
      expect(await readdir(room)).toEqual(['safe', 'secret'])
      expect(await readFile(join(room, 'secret'), 'utf8')).toBe('secret')
    }),
    { numRuns: 300 },
  )
})

test('a zip that climbs out is refused', async () => {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('x'), 'aa/evil')
  zip.end()
  const bytes = await buffer(zip.outputStream)
  const wicked = Buffer.from(bytes.toString('latin1').replaceAll('aa/evil', '../evil'), 'latin1')
  await expect(unpacked(wicked, { zip: {} })).rejects.toThrow(
    /invalid relative path|Illegal file path/,
  )
  expect(await readdir(room)).toEqual(['safe', 'secret'])
})
