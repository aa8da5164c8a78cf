import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileRegexp, matches } from '@argosy/engine'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { LogPart } from '../pod-logs.ts'
import { grepLines, linePattern } from './grep-lines.ts'
import { grepBufferBytes, grepPart } from './grep-part.ts'
import { LogSearch } from './log-search.ts'

function patternOf(source: string) {
  const regexp = compileRegexp(source)
  if ('error' in regexp) throw new Error(regexp.error)
  return linePattern(source, regexp)
}

/** The files of a pod's container, whole. */
async function kept(...texts: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-grep-'))
  const parts = texts.map((text, index): LogPart => {
    return { path: join(folder, `${index}.log`), start: 0, end: Buffer.byteLength(text) }
  })
  await Promise.all(parts.map(({ path }, index) => writeFile(path, texts[index] ?? '')))
  return { parts, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

async function all(lines: AsyncIterable<readonly string[]>): Promise<readonly string[]> {
  const found: string[] = []
  for await (const some of lines) found.push(...some)
  return found
}

const noEnd = new AbortController().signal

const search = new LogSearch()
afterAll(() => search[Symbol.asyncDispose]())

function searched(parts: readonly LogPart[], source: string, signal = noEnd) {
  return all(search.lines(parts, patternOf(source), signal))
}

const many = Array.from(
  { length: 60_000 },
  (_, n) => `${n} lines ä of a log, one after the other\n`,
)

test.each(['^59999 ', '(?i)LINES Ä', '17 lines|23 lines', '^\\d{3}7 ', 'nowhere'])(
  'a thread finds of many lines what %s matches, as it is found here',
  async (source) => {
    await using files = await kept(many.join(''))
    const regexp = patternOf(source).regexp
    const want = many.map((line) => line.slice(0, -1)).filter((line) => matches(regexp, line))
    expect(await searched(files.parts, source)).toEqual(want)
  },
)

test('a line goes on in the next file, and the last needs no end', async () => {
  await using files = await kept('a\nin two', '', ' files\nthe end')
  expect(await searched(files.parts, 'e')).toEqual(['in two files', 'the end'])
})

test('only the part that is asked for is searched', async () => {
  await using files = await kept('one\ntwo\nthree\n')
  const [part] = files.parts
  if (!part) throw new Error('no part')
  expect(await searched([{ ...part, start: 4, end: 9 }], '.')).toEqual(['two', 't'])
})

test('a line that has no end is searched in parts', async () => {
  const long = 'x'.repeat(3 * 1024 * 1024)
  await using files = await kept(`${long}y\nz`)
  const found = await searched(files.parts, '[xyz]')
  expect(found.length).toBeGreaterThan(1)
  expect(found.join('\n').replace('\n', '')).toBe(`${long}y\nz`)
})

test('a file that became shorter ends where it ends', async () => {
  await using files = await kept('one\ntwo')
  const parts = files.parts.map((part) => ({ ...part, end: 4000 }))
  expect(await searched(parts, 'o')).toEqual(['one', 'two'])
})

test('a file that is gone is an error, and the thread goes on', async () => {
  await using files = await kept('one\n')
  const gone = [{ path: '/nowhere.log', start: 0, end: 9 }]
  await expect(searched(gone, 'o')).rejects.toThrow('ENOENT')
  expect(await searched(files.parts, 'o')).toEqual(['one'])
})

test('who has left is not searched for', async () => {
  await using files = await kept('one\n')
  expect(await searched(files.parts, 'o', AbortSignal.abort())).toEqual([])
})

test('one piece hands out so much and no more', async () => {
  await using files = await kept(many.join(''))
  const [part] = files.parts
  if (!part) throw new Error('no part')
  const step = { part, rest: new Uint8Array() }
  const found = grepPart(step, patternOf('.'), Buffer.alloc(grepBufferBytes))
  expect(found.lines.length).toBeLessThan(many.length / 2)
  expect(found.step.part.start).toBeLessThan(part.end)
})

const line = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'ä', ' ', 'x'.repeat(90_000)), { maxLength: 6 })
  .map((parts) => parts.join(''))

test('piece by piece is found what is found in a stream', async () => {
  const buffer = Buffer.alloc(grepBufferBytes)
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom('ab', 'a|x', '^ä', '$'),
      fc.boolean(),
      async (lines, source, ends) => {
        const text = `${lines.join('\n')}${ends ? '\n' : ''}`
        await using files = await kept(text)
        const pattern = patternOf(source)
        const found: string[] = []
        let [part] = files.parts
        let rest: Uint8Array = new Uint8Array()
        while (part && part.start < part.end) {
          const piece = grepPart({ part, rest }, pattern, buffer)
          found.push(...piece.lines)
          part = piece.step.part
          rest = piece.step.rest
        }
        found.push(...(await all(grepLines(chunk(Buffer.from(rest)), pattern))))
        expect(found).toEqual(await all(grepLines(chunk(Buffer.from(text)), pattern)))
      },
    ),
    { numRuns: 60 },
  )
})

async function* chunk(bytes: Buffer) {
  yield bytes
}
