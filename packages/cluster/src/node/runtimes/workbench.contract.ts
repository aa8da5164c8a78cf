import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, it } from 'vitest'
import type { ContainerSpec, Exit, Running, Runtime } from '../runtime.ts'

/** What an implementation may be unable to do; each needs a reason. */
export type Ability =
  | 'mounts'
  | 'layers'
  | 'isolation'
  | 'image'
  | 'signalNumber'
  | 'memoryLimit'
  | 'opaque'
  | 'foreignFiles'
  | 'user'
  | 'adopt'
  | 'restart'
  | 'atOnce'
  | 'exec'
  | 'beside'
  | 'noLinks'
  | 'launcher'
  | 'inPlace'
  | 'windowSize'
  | 'selfExec'
  | 'inOrder'

export interface Candidate {
  readonly name: string
  /** Why the whole suite cannot run here. */
  readonly unavailable?: string | undefined
  open(): Promise<Runtime>
  readonly skip: Partial<Readonly<Record<Ability, string>>>
  /** Who the launcher runs as, when not as this process. */
  readonly uid?: number
  /** How many starts are a fair burden for it. */
  readonly many: number
  /** Words for adopt.fixture.ts that open the same runtime in another process. */
  readonly fixture: readonly string[]
  /** What it cannot do is no test at all, and not a skipped one: where nothing may be skipped. */
  readonly leavesOut?: boolean
  /** Variables that every container has. */
  readonly variables?: readonly string[]
  /** Files of a container's directory that say it was started; default: what launchers write. `DIR` is that directory. */
  readonly started?: Readonly<Record<string, string>>
}

export interface Ran {
  readonly exit: Exit
  readonly out: string
  readonly err: string
  readonly dir: string
  readonly container: Running
}

export const path = '/usr/local/bin:/usr/bin:/bin'

export type Workbench = ReturnType<typeof workbench>

/** What the parts of the contract work with: one runtime, and a directory that is removed at the end. */
export function workbench(candidate: Candidate) {
  let base = ''
  let opened: Runtime | undefined
  let count = 0

  beforeAll(async () => {
    base = fs.mkdtempSync(`${tmpdir()}/argosy-contract-`)
    fs.chmodSync(base, 0o755)
    own(base)
    opened = await candidate.open()
  })

  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]()
    fs.rmSync(base, { recursive: true, force: true })
  }, 60_000)

  function own(at: string): void {
    if (candidate.uid !== undefined) fs.chownSync(at, candidate.uid, candidate.uid)
  }

  function directory(label: string): string {
    count += 1
    const dir = `${base}/${label}-${count}`
    fs.mkdirSync(dir)
    own(dir)
    return dir
  }

  function file(at: string, text: string): string {
    fs.writeFileSync(at, text)
    own(at)
    return at
  }

  function spec(argv: readonly string[], more: Partial<ContainerSpec> = {}): ContainerSpec {
    count += 1
    const dir = more.dir ?? `${base}/c-${count}`
    return {
      ...{ dir, argv, env: { PATH: path }, workingDir: '/', root: { kind: 'host' }, mounts: [] },
      ...{ stdout: `${dir}/stdout`, stderr: `${dir}/stderr` },
      ...more,
    }
  }

  function runtime(): Runtime {
    if (!opened) throw new Error('the runtime is opened before the first test')
    return opened
  }

  async function run(argv: readonly string[], more: Partial<ContainerSpec> = {}): Promise<Ran> {
    const given = spec(argv, more)
    const container = await runtime().start(given)
    const exit = await container.exited
    const text = (at: string) => (fs.existsSync(at) ? fs.readFileSync(at, 'utf8') : '')
    return { exit, out: text(given.stdout), err: text(given.stderr), dir: given.dir, container }
  }

  function promise(words: string, test: () => Promise<void>, ability?: Ability): void {
    const reason = ability && candidate.skip[ability]
    if (reason !== undefined && candidate.leavesOut) return
    const title = reason ? `${words} (skipped: ${reason})` : words
    it.skipIf(reason !== undefined)(title, test, 300_000)
  }

  // A root of our own: the machine's shell and libraries, and one file.
  function image(): string {
    const root = directory('image')
    for (const name of ['etc', 'tmp', 'proc', 'usr']) fs.mkdirSync(`${root}/${name}`)
    file(`${root}/etc/release`, 'the image\n')
    for (const program of ['sh', 'cat', 'ls', 'mkdir', 'ln', 'rm', 'touch']) copy(program, root)
    give(root)
    return root
  }

  function give(root: string): void {
    if (candidate.uid === undefined) return
    spawnSync('chown', ['-R', `${candidate.uid}:${candidate.uid}`, root])
  }

  return {
    candidate,
    get base() {
      return base
    },
    get runtime() {
      return runtime()
    },
    shell: (script: string, more: Partial<ContainerSpec> = {}) => run(['sh', '-c', script], more),
    ...{ own, give, directory, file, spec, run, promise, image },
  }
}

function copy(program: string, root: string): void {
  const at = spawnSync('sh', ['-c', `readlink -f "$(command -v ${program})"`], {
    encoding: 'utf8',
  }).stdout.trim()
  const libraries = spawnSync('ldd', [at], { encoding: 'utf8' }).stdout.match(/\/\S+/g) ?? []
  put(at, `${root}/bin/${program}`)
  for (const library of libraries) put(library, root + library)
}

function put(from: string, to: string): void {
  if (fs.existsSync(to)) return
  fs.mkdirSync(to.slice(0, to.lastIndexOf('/')), { recursive: true })
  fs.copyFileSync(from, to)
  fs.chmodSync(to, 0o755)
}

/** Resolves when a file of a running container has something in it. */
export async function has(at: string): Promise<void> {
  while (!fs.existsSync(at) || fs.statSync(at).size === 0) await tick()
}

/** Living processes `sleep <seconds>`. */
export function sleepers(seconds: string): string[] {
  return processes().filter((line) => line === `sleep\0${seconds}\0`)
}

/** The command lines of all processes. */
export function processes(): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
}

export function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2))
}
