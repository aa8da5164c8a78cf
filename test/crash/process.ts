import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../packages/app/bin/argosy.js', import.meta.url))

export interface ProgramOptions {
  readonly args: readonly string[]
  /** What it says when it is ready. */
  readonly ready: string
  /** In the environment of all that it starts. */
  readonly mark: string
  /** Where its output goes. */
  readonly log: string
}

/** A program that is killed and started again. */
export class Program {
  readonly #options: ProgramOptions
  #child: ChildProcess | undefined
  #ready: Promise<void> = Promise.resolve()
  #ended: Promise<unknown> = Promise.resolve()

  constructor(options: ProgramOptions) {
    this.#options = options
  }

  start(): void {
    const { args, mark, log, ready } = this.#options
    const env = { ...process.env, NO_COLOR: '1', ARGOSY_CRASH_TEST: mark }
    const child = spawn(process.execPath, [bin, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#ended = once(child, 'close')
    let said = ''
    this.#ready = new Promise((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        appendFileSync(log, chunk)
        said += chunk
        if (said.includes(ready)) resolve()
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('close', (code, signal) => {
        if (signal === 'SIGKILL') resolve()
        else reject(new Error(`argosy ${args[0]} ended with ${code ?? signal}:\n${said}`))
      })
    })
    this.#ready.catch(() => undefined)
  }

  /** Resolves also when it was killed before; rejects when it ended by itself. */
  get ready(): Promise<void> {
    return this.#ready
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM')
    await this.#ended
  }
}
