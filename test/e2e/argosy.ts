import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endDataDirs } from './end-data-dirs.ts'

/** The command. */
export const bin = fileURLToPath(new URL('../../packages/app/bin/argosy.js', import.meta.url))

/** How the command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The command while it runs. */
export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when its output contains the text. */
  says(text: string): Promise<void>
  /** All that it has said until now. */
  said(): string
}

/** A folder of one test's own: for manifests, data directories, and what steps leave behind. */
export class Workplace implements AsyncDisposable {
  readonly dir: string
  readonly #running = new Set<Started>()

  private constructor(dir: string) {
    this.dir = dir
  }

  static async open(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'argosy-e2e-')))
  }

  path(name: string): string {
    return join(this.dir, name)
  }

  async file(name: string, text: string): Promise<string> {
    await writeFile(this.path(name), text)
    return this.path(name)
  }

  run(args: readonly string[], input = ''): Promise<Ended> {
    return this.start(args, input).ended
  }

  start(
    args: readonly string[],
    input = '',
    given: NodeJS.ProcessEnv = process.env,
    tmp: 'own TMPDIR' | 'here' = 'here',
  ): Started {
    const env = { ...given, ...(tmp === 'here' && { TMPDIR: this.dir }), NO_COLOR: '1' }
    const child = spawn(process.execPath, [bin, ...args], { env, cwd: this.dir, stdio: 'pipe' })
    let stdout = ''
    let stderr = ''
    let heard = () => {}
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      heard()
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
      heard()
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
    const started: Started = {
      child,
      ended,
      said: () => stdout + stderr,
      says: (text) =>
        new Promise((resolve, reject) => {
          heard = () => {
            if ((stdout + stderr).includes(text)) resolve()
          }
          heard()
          ended.then(() => reject(new Error(`it never said ${text}:\n${stdout}${stderr}`)))
        }),
    }
    this.#running.add(started)
    void ended.then(() => this.#running.delete(started))
    return started
  }

  /** How many processes of steps that share this folder there are. */
  async steps(): Promise<number> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
    const mounts = pids.map((pid) => readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => ''))
    return (await Promise.all(mounts)).filter((text) => text.includes(` ${this.dir} `)).length
  }

  /** Whatever a failed test left behind is stopped first. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child, ended } of this.#running) {
      child.kill('SIGINT')
      await new Promise((resolve) => setTimeout(resolve, 400))
      child.kill('SIGINT')
      await ended
    }
    await endDataDirs(this.dir)
    await rm(this.dir, { recursive: true, force: true, maxRetries: 10 })
  }
}

interface Script {
  readonly name: string
  readonly source: string
}

/** A Workflow of script steps, one after the other, which all see `shared` at its own path. */
export function chain(name: string, shared: string, scripts: readonly Script[]): string {
  const templates = scripts.map(({ name, source }) => ({
    name,
    script: {
      image: 'alpine:3.20',
      command: ['sh'],
      source,
      volumeMounts: [{ name: 'shared', mountPath: shared }],
    },
  }))
  const main = { name: 'main', steps: scripts.map(({ name }) => [{ name, template: name }]) }
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: name },
    spec: {
      entrypoint: 'main',
      volumes: [{ name: 'shared', hostPath: { path: shared } }],
      templates: [main, ...templates],
    },
  })
}
