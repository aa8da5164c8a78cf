import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import type { Executing, Runtime, TerminalSize } from './runtime.ts'

/** Somebody who is attached to a container. */
export interface Viewer {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  onSize(hear: (size: TerminalSize) => void): void
  /** Aborts when he has gone. */
  readonly gone: AbortSignal
}

interface ConsoleOptions {
  /** Where logs are read; the same file unless standard output has one of its own. */
  readonly stdout: string
  readonly stderr: string
  /** Whoever came first was the only one that the program reads from. */
  readonly once: boolean
}

/** How much of what is written may wait for somebody who does not read. */
const mostWaiting = 4 * 2 ** 20

/** The program of a container that reads from outside, or writes to a terminal: this process holds its other end. */
export class Console {
  readonly #program: Executing
  readonly #options: ConsoleOptions
  readonly #viewers = new Set<Viewer>()
  /** Its exit code, once all that it has written is in its log and with those who are attached. */
  readonly ended: Promise<number>

  constructor(program: Executing, options: ConsoleOptions) {
    this.#program = program
    this.#options = options
    program.stdin.on('error', () => undefined)
    this.ended = this.#run()
  }

  kill(): void {
    this.#program.kill()
  }

  /** Resolves when the program has ended, or the viewer has gone. */
  async attach(viewer: Viewer): Promise<void> {
    this.#viewers.add(viewer)
    viewer.onSize((size) => this.#program.resize(size))
    viewer.stdin.pipe(this.#program.stdin, { end: this.#options.once })
    this.#program.stdin.once('close', () => viewer.stdin.resume())
    const gone = new Promise<void>((resolve) => {
      viewer.gone.addEventListener('abort', () => resolve(), { once: true })
      if (viewer.gone.aborted) resolve()
    })
    await Promise.race([this.ended, gone])
    this.#viewers.delete(viewer)
    viewer.stdin.unpipe(this.#program.stdin).resume()
    if (this.#options.once) this.#program.stdin.end()
  }

  async #run(): Promise<number> {
    const { stdout, stderr } = this.#options
    await Promise.all([
      this.#carry(this.#program.stdout, 'stdout', stdout),
      this.#carry(this.#program.stderr, 'stderr', stderr),
    ])
    return this.#program.exited
  }

  async #carry(from: Readable, to: 'stdout' | 'stderr', path: string): Promise<void> {
    let log: WriteStream | undefined
    try {
      for await (const chunk of from) {
        log ??= createWriteStream(path, { flags: 'a' })
        for (const viewer of this.#viewers) this.#show(viewer, to, chunk)
        if (!log.write(chunk)) await once(log, 'drain')
      }
    } catch {
      // It was killed in the middle of what it said.
    }
    log?.end()
    if (log) await once(log, 'close').catch(() => undefined)
  }

  #show(viewer: Viewer, to: 'stdout' | 'stderr', chunk: Buffer): void {
    if (viewer[to].writableLength > mostWaiting) this.#viewers.delete(viewer)
    else viewer[to].write(chunk)
  }
}

const known = new WeakMap<Runtime, Map<string, Console>>()

/** The consoles of a runtime's containers in this process, by their directories. */
export function consolesOf(runtime: Runtime): Map<string, Console> {
  const consoles = known.get(runtime) ?? new Map<string, Console>()
  known.set(runtime, consoles)
  return consoles
}
