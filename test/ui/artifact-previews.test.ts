import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { csvRows } from '../../packages/ui/src/artifacts/csv.ts'
import { previewOf } from '../../packages/ui/src/artifacts/preview-of.ts'
import { untar } from '../../packages/ui/src/artifacts/untar.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const shown = (name: string, text: string, isCut = false) =>
  previewOf({ name, bytes: bytes(text), isCut })

/** What the real tar makes of some files. */
function tar(files: Readonly<Record<string, string>>, ...flags: string[]): Uint8Array {
  const dir = mkdtempSync(join(tmpdir(), 'argosy-tar-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(dir, name, '..'), { recursive: true })
      writeFileSync(join(dir, name), text)
    }
    const names = Object.keys(files)
    return new Uint8Array(execFileSync('tar', [...flags, '-cf', '-', ...names], { cwd: dir }))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

describe('a tar archive', () => {
  const long = `${'deep/'.repeat(30)}file.txt`
  test.each(['ustar', 'gnu', 'pax'])('in the form of %s has its names and contents', (form) => {
    const entries = untar(tar({ 'a.txt': 'hello', [long]: 'x'.repeat(600) }, `--format=${form}`))
    expect(entries?.map(({ name, size, kind }) => [name, size, kind])).toEqual([
      ['a.txt', 5, 'file'],
      [long, 600, 'file'],
    ])
    expect(new TextDecoder().decode(entries?.[0]?.content)).toBe('hello')
  })

  test('that was cut off tells what it has; other bytes are none', () => {
    const whole = tar({ 'a.txt': 'x'.repeat(2000) })
    expect(untar(whole.subarray(0, 1000))?.[0]).toMatchObject({ size: 2000 })
    expect(untar(bytes('no archive'))).toBeUndefined()
  })
})

describe('shown is', () => {
  test('one file as that file, several as a list', () => {
    const one = tar({ 'x.json': '{"a":1}' })
    expect(previewOf({ name: 'x.tgz', bytes: one, isCut: false })).toEqual({
      kind: 'json',
      text: '{\n  "a": 1\n}',
    })
    const two = tar({ 'x.txt': 'x', 'y/z.txt': 'yz' })
    expect(previewOf({ name: 'x.tgz', bytes: two, isCut: false })).toMatchObject({
      kind: 'files',
      files: [
        { name: 'x.txt', size: 1 },
        { name: 'y/z.txt', size: 2 },
      ],
    })
  })

  test('what it is called, or what it looks like', () => {
    expect(shown('a.csv', 'a,b\n1,"2"\n')).toEqual({
      kind: 'table',
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
    })
    expect(shown('a.tsv', 'a\tb')).toEqual({ kind: 'table', rows: [['a', 'b']] })
    expect(shown('a.html', '<b>')).toEqual({ kind: 'html', text: '<b>' })
    expect(shown('main.log', '[1, 2]').kind).toBe('json')
    expect(shown('main.log', '[1, oops').kind).toBe('text')
    expect(shown('a.PNG', 'x')).toMatchObject({ kind: 'image', type: 'image/png' })
    expect(shown('x', 'a\0b').kind).toBe('binary')
    expect(previewOf({ name: 'x', bytes: new Uint8Array([0xff, 0xfe]), isCut: false }).kind).toBe(
      'binary',
    )
  })

  test('no half of an image or of JSON; half of a character at the end is no matter', () => {
    expect(shown('a.png', 'x', true).kind).toBe('binary')
    expect(shown('a.json', '{}', true).kind).toBe('text')
    expect(previewOf({ name: 'a', bytes: bytes('aé').subarray(0, 2), isCut: true })).toEqual({
      kind: 'text',
      text: 'a',
    })
  })
})

test('separated values: quotes, empty cells, line breaks of all kinds, and no more than wanted', () => {
  expect(csvRows('a,"b ""c"", d\ne"\r\n,\nlast,', ',', 9)).toEqual([
    ['a', 'b "c", d\ne'],
    ['', ''],
    ['last', ''],
  ])
  expect(csvRows('a\nb\nc', ',', 2)).toEqual([['a'], ['b']])
  expect(csvRows('"open', ',', 9)).toEqual([['open']])
})
