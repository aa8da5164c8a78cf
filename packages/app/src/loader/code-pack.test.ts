import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CodePack, forgetOldPacks, writeCodePack } from './code-pack.ts'

describe('a pack of compiled code', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'argosy-pack-'))
    path = join(folder, 'run')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const codes = new Map([
    ['a.js', Buffer.from('one')],
    ['b.js', Buffer.alloc(100_000, 7)],
    ['empty.js', Buffer.alloc(0)],
  ])

  it('gives back what was put in, and leaves no draft', () => {
    writeCodePack(path, 'build', codes)
    const pack = CodePack.open(path, 'build')
    expect(pack?.names).toEqual(['a.js', 'b.js', 'empty.js'])
    for (const [name, code] of codes) expect(pack?.codeOf(name)?.equals(code)).toBe(true)
    expect(pack?.codeOf('c.js')).toBeUndefined()
    expect(readdirSync(folder)).toEqual(['run'])
  })

  it('is nothing where there is none, or one of another build', () => {
    expect(CodePack.open(path, 'build')).toBeUndefined()
    writeCodePack(path, 'build', codes)
    expect(CodePack.open(path, 'other')).toBeUndefined()
  })

  it('is nothing when it is not whole, wherever it ends', () => {
    writeCodePack(path, 'build', new Map([['a.js', Buffer.from('one')]]))
    const { length } = readFileSync(path)
    for (let size = length - 1; size >= 0; size--) {
      truncateSync(path, size)
      expect(CodePack.open(path, 'build')).toBeUndefined()
    }
  })

  it('is nothing when something else stands there', () => {
    for (const text of ['', 'hello', 'x'.repeat(1000), '\0'.repeat(1000)]) {
      writeFileSync(path, text)
      expect(CodePack.open(path, 'build')).toBeUndefined()
    }
  })

  it('is forgotten when three newer ones do the same', () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((build) => `run-v26.1.0-x64-${build}`)
    const others = ['run-worker-v26.1.0-x64-a', 'lint-v26.1.0-x64-a', 'runs']
    for (const [at, name] of [...names, ...others].entries()) {
      writeFileSync(join(folder, name), '')
      utimesSync(join(folder, name), at, at)
    }
    forgetOldPacks(join(folder, 'run-v26.1.0-x64-e'))
    expect(readdirSync(folder).sort()).toEqual([...others, ...names.slice(2)].sort())
  })

  it('stays what it is for who has it open when another is written', () => {
    writeCodePack(path, 'build', codes)
    const pack = CodePack.open(path, 'build')
    writeCodePack(path, 'build', new Map([['a.js', Buffer.from('two')]]))
    expect(String(pack?.codeOf('a.js'))).toBe('one')
    expect(String(CodePack.open(path, 'build')?.codeOf('a.js'))).toBe('two')
  })
})
