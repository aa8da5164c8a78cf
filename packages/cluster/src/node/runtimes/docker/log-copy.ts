import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Engine, EngineError, type Hijacked } from './engine.ts'
import { type Frame, FrameReader } from './frames.ts'

export interface LogFiles {
  readonly stdout: string
  readonly stderr: string
}

/** How many bytes of a container are in its two files; of one file, in both. */
export type Sizes = readonly [stdout: number, stderr: number]

/** What a container wrote as its first and only words, as long as they are few. */
const shortText = 1024

/**
 * Copies a container's output into our files: what comes over a connection that was made before its start, or, when that
 * broke or its listener crashed, what the engine has kept. That is always read from its beginning, and what the files
 * have already is left out. Where both streams share a file it is written anew: the engine keeps them in another order.
 */
export class LogCopy {
  /** All of what was written, while it is short and nothing but standard error. */
  onlyErrors: string | undefined = ''
  readonly #engine: Engine
  readonly #name: string
  readonly #files: LogFiles
  readonly #base: Sizes
  #isInOrder: boolean

  /** `base`: how long the files were before the container wrote to them. */
  constructor(engine: Engine, name: string, files: LogFiles, base: Sizes) {
    this.#engine = engine
    this.#name = name
    this.#files = files
    this.#base = base
    this.#isInOrder = files.stdout !== files.stderr
  }

  /** Until the connection ends. */
  async live({ socket, head }: Hijacked): Promise<void> {
    const targets = await this.#open({ skips: false })
    const chunks = async function* () {
      if (head.length > 0) yield head
      yield* socket as AsyncIterable<Buffer>
    }
    await this.#copy(chunks(), targets)
  }

  /** What the engine has kept; with `follow`, until the container has ended. Rejects when the engine does. */
  async kept({ follow }: { readonly follow: boolean }): Promise<void> {
    if (!this.#isInOrder) await truncate(this.#files.stdout, this.#base[0])
    this.#isInOrder = true
    const query = { follow, stdout: true, stderr: true }
    const log = await this.#engine.stream({ path: `/containers/${this.#name}/logs`, query })
    const targets = await this.#open({ skips: true })
    await this.#copy(log, targets).catch((error: unknown) => {
      throw log.errored ? cutShort : error
    })
    if (!log.complete) throw cutShort
  }

  /** Takes back what was copied: it was not the program's. */
  async undo(): Promise<void> {
    await truncate(this.#files.stderr, this.#base[1])
  }

  async #open({ skips }: { readonly skips: boolean }): Promise<Targets> {
    const [stdout, stderr] = [this.#files.stdout, this.#files.stderr]
    const [out, err] = skips ? this.#base : [undefined, undefined]
    const first = await Target.open(stdout, out)
    return { stdout: first, stderr: stderr === stdout ? first : await Target.open(stderr, err) }
  }

  async #copy(chunks: AsyncIterable<Buffer>, targets: Targets): Promise<void> {
    const reader = new FrameReader()
    const files = new Set([targets.stdout, targets.stderr])
    this.onlyErrors = ''
    try {
      for await (const chunk of chunks) {
        const frames = reader.read(chunk)
        this.#note(frames)
        for (const file of files) {
          const own = frames.filter(({ stream }) => targets[stream] === file)
          await file.write(own.map(({ bytes }) => bytes))
        }
      }
    } finally {
      for (const file of files) await file.close()
    }
  }

  #note(frames: readonly Frame[]): void {
    for (const { stream, bytes } of frames) {
      if (this.onlyErrors === undefined) return
      const isShort = this.onlyErrors.length + bytes.length <= shortText
      this.onlyErrors = stream === 'stderr' && isShort ? this.onlyErrors + bytes : undefined
    }
  }
}

const cutShort = new EngineError(0, 'the engine ended in the middle of a log')

type Targets = Readonly<Record<Frame['stream'], Target>>

/** Where the log files of a new container end: they are made when they are missing. */
export async function openLogs({ stdout, stderr }: LogFiles): Promise<Sizes> {
  const out = await sizeOf(stdout)
  return [out, stderr === stdout ? out : await sizeOf(stderr)]
}

async function sizeOf(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a')
  try {
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

/** A file that is written at its end. */
class Target {
  readonly #file: FileHandle
  #skip: number

  private constructor(file: FileHandle, skip: number) {
    this.#file = file
    this.#skip = skip
  }

  /** `base`: what comes is already there from this place on. */
  static async open(path: string, base?: number): Promise<Target> {
    const file = await open(path, 'a')
    if (base === undefined) return new Target(file, 0)
    const { size } = await file.stat()
    return new Target(file, Math.max(0, size - base))
  }

  async write(pieces: readonly Buffer[]): Promise<void> {
    const fresh: Buffer[] = []
    for (const piece of pieces) {
      const skipped = Math.min(this.#skip, piece.length)
      this.#skip -= skipped
      if (skipped < piece.length) fresh.push(piece.subarray(skipped))
    }
    if (fresh.length > 0) await this.#file.appendFile(Buffer.concat(fresh))
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
