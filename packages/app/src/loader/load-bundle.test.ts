import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scriptsOf } from '../chunks/scripts-of.ts'

const loader = fileURLToPath(new URL('./load-bundle.ts', import.meta.url))

const chunks = {
  'main-body.js': [
    'import{hello}from"./hello.js";',
    'var main=async(more)=>{let{sep}=await import("node:path"),said=[hello(),sep,typeof require("fs").statSync];',
    'if(more)said.push((await import("./more.js")).default);console.log(said.join(" "))};',
    'export{main}',
  ].join(''),
  'hello.js': 'function hello(){return"hello"}export{hello}',
  'more.js': 'export default"more";',
}

describe('the bundle', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'argosy-bundle-'))
    put(chunks)
    writeFileSync(
      join(dir, 'start.ts'),
      `import { loadBundle } from ${JSON.stringify(loader)}
       const [build, more] = process.argv.slice(2)
       const options = { url: import.meta.url, entry: 'main-body.js', build, purpose: 'run' }
       await loadBundle(options).main(more)`,
    )
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  function put(those: Readonly<Record<string, string>>) {
    for (const [name, text] of scriptsOf(new Map(Object.entries(those)))) {
      writeFileSync(join(dir, name), text)
    }
  }
  function start(build: string, more = '', cache = dir): string {
    const env = { ...process.env, XDG_CACHE_HOME: cache }
    const args = [join(dir, 'start.ts'), build, more]
    return execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trim()
  }
  const folder = () => join(dir, 'argosy/compiled')
  const packs = () => readdirSync(folder())
  const pack = () => join(folder(), packs()[0] ?? '')

  it('runs, and keeps what was compiled for the next process', () => {
    expect(start('one')).toBe('hello / function')
    expect(packs()).toEqual([`run-${process.version}-${process.arch}-one`])
    const { ino } = statSync(pack())
    expect(start('one')).toBe('hello / function')
    expect(statSync(pack()).ino).toBe(ino)
  })

  it('keeps more when it has loaded more', () => {
    start('one')
    expect(String(readFileSync(pack()))).not.toContain('"more.js":[')
    expect(start('one', 'more')).toBe('hello / function more')
    const { ino } = statSync(pack())
    expect(start('one')).toBe('hello / function')
    expect(statSync(pack()).ino).toBe(ino)
    expect(String(readFileSync(pack()))).toContain('"more.js":[')
  })

  it('takes nothing of another build, be it as long', () => {
    start('one')
    put({ ...chunks, 'hello.js': 'function hello(){return"HELLO"}export{hello}' })
    expect(start('two')).toBe('HELLO / function')
    expect(start('two')).toBe('HELLO / function')
    expect(packs()).toHaveLength(2)
  })

  it('compiles anew what V8 does not want', () => {
    start('one')
    const bytes = readFileSync(pack())
    bytes.fill(0, 16, 24)
    writeFileSync(pack(), bytes)
    expect(start('one')).toBe('hello / function')
    expect(readFileSync(pack()).equals(bytes)).toBe(false)
  })

  it('runs where nothing can be kept', () => {
    expect(start('one', '', '/proc/1/none')).toBe('hello / function')
    expect(start('one', '', '/dev/null')).toBe('hello / function')
  })
})
