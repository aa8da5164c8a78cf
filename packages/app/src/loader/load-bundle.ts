import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { scriptStart } from '../chunks/script-start.ts'
import { CodePack, forgetOldPacks, writeCodePack } from './code-pack.ts'
import { compiledFolder } from './compiled-folder.ts'

export interface BundleOptions {
  /** The module that asks: chunks lie beside it. */
  readonly url: string
  /** The chunk to run. */
  readonly entry: string
  /** Another with every change of any chunk. */
  readonly build: string
  /** What this process is about to do: processes with the same purpose use the same code. */
  readonly purpose: string
}

type Names = Readonly<Record<string, unknown>>
type Chunk = (
  chunk: (name: string) => Names,
  later: (name: string) => Promise<Names>,
  require: (name: string) => unknown,
  url: string,
  filename: string,
  folder: string,
) => Names

/** By then a server has run what every start of one runs. */
const settledMs = 5_000

/** Runs a chunk of the bundle, and what it imports, with the code that an earlier process has compiled. */
export function loadBundle({ url, entry, build, purpose }: BundleOptions): Names {
  const folder = dirname(fileURLToPath(url))
  const code = new KeptCode(build, purpose)
  const run = new Map<string, Names>()
  let nodeRequire: NodeJS.Require | undefined
  const require = (name: string): unknown => {
    nodeRequire ??= createRequire(url)
    return nodeRequire(name)
  }
  const chunk = (name: string): Names => {
    const known = run.get(name)
    if (known) return known
    const path = join(folder, name)
    const script = code.compile(name, path)
    const begin = script.runInThisContext() as Chunk
    const names = begin(chunk, later, require, pathToFileURL(path).href, path, folder)
    run.set(name, names)
    return names
  }
  const later = async (name: string): Promise<Names> => {
    if (name.startsWith('node:')) return ofNode(name)
    if (!run.has(name)) await aRound()
    return chunk(name)
  }
  const names = chunk(entry)
  code.keep()
  return names
}

/** A chunk can take 20 milliseconds: before it others are heard that have answered, and get what they are asked next. */
async function aRound(): Promise<void> {
  await new Promise(setImmediate)
  await new Promise(setImmediate)
}

/** As `import()` has it: all names, and the whole by the name of default. */
function ofNode(name: string): Names {
  const whole = process.getBuiltinModule(name) ?? {}
  return Object.create(whole, { default: { value: whole } }) as Names
}

/** What has been compiled, of this process and of those before. */
class KeptCode {
  readonly #build: string
  readonly #path: string | undefined
  readonly #pack: CodePack | undefined
  readonly #scripts = new Map<string, Script>()
  #isNewsworthy = false

  constructor(build: string, purpose: string) {
    const folder = compiledFolder()
    this.#build = build
    this.#path = folder && join(folder, `${purpose}-${process.version}-${process.arch}-${build}`)
    this.#pack = this.#path === undefined ? undefined : CodePack.open(this.#path, build)
  }

  compile(name: string, filename: string): Script {
    const cachedData = this.#pack?.codeOf(name)
    const script = new Script(readFileSync(filename, 'latin1'), {
      ...{ filename, columnOffset: -scriptStart.length },
      ...(cachedData && { cachedData }),
    })
    if (!cachedData || script.cachedDataRejected) this.#isNewsworthy = true
    this.#scripts.set(name, script)
    return script
  }

  /** Once when the process has settled, and at its end when it has loaded more. */
  keep(): void {
    if (this.#path === undefined) return
    setTimeout(() => this.#write(), settledMs).unref()
    process.on('exit', () => this.#write())
  }

  #write(): void {
    if (!this.#isNewsworthy || this.#path === undefined) return
    this.#isNewsworthy = false
    const codes = new Map<string, Uint8Array>()
    for (const name of this.#pack?.names ?? []) {
      const code = this.#scripts.has(name) ? undefined : this.#pack?.codeOf(name)
      if (code) codes.set(name, code)
    }
    for (const [name, script] of this.#scripts) codes.set(name, script.createCachedData())
    try {
      writeCodePack(this.#path, this.#build, codes)
      forgetOldPacks(this.#path)
    } catch {
      // Without it the next process compiles again.
    }
  }
}
