import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@argosy/kube'
import type { PodBook, PodEntry } from './pod-book.ts'

const pollMs = 100
const tailBytes = 16 * 1024

/** What steps write: the node puts it straight into files, and here they are read as they grow. */
export class StepLogs {
  readonly #dataDir: string
  readonly #book: PodBook
  readonly #tails = new Map<string, readonly Tail[]>()

  constructor(dataDir: string, book: PodBook) {
    this.#dataDir = dataDir
    this.#book = book
  }

  /** Hands out new lines as `podname: line` until the signal aborts, and then once more what was left. */
  async follow(
    write: (lines: readonly string[]) => void,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      await this.#round(write)
      await clock.until(clock.now() + pollMs, signal).catch(() => undefined)
    }
    await this.#round(write)
    for (const [name, tails] of this.#tails) {
      for (const tail of tails) write(tail.rest().map((line) => `${name}: ${line}`))
    }
  }

  /** The last lines that a pod wrote. */
  async last(pod: PodEntry, count: number): Promise<readonly string[]> {
    const texts = await Promise.all(this.#files(pod).map(lastBytes))
    return texts.flatMap(linesOf).slice(-count)
  }

  async #round(write: (lines: readonly string[]) => void): Promise<void> {
    for (const pod of this.#book.entries()) {
      const { over } = pod
      const tails = this.#tailsOf(pod)
      for (const tail of tails) {
        const lines = await tail.more()
        if (lines.length > 0) write(lines.map((line) => `${pod.name}: ${line}`))
      }
      // Looked at after its end was known: nothing more will come.
      if (over) this.#tails.set(pod.name, [])
    }
  }

  #tailsOf(pod: PodEntry): readonly Tail[] {
    const known = this.#tails.get(pod.name)
    if (known) return known
    const tails = this.#files(pod).map((file) => new Tail(file))
    this.#tails.set(pod.name, tails)
    return tails
  }

  #files({ namespace, name, uid }: PodEntry): readonly string[] {
    const folder = join(this.#dataDir, 'logs', `${namespace}_${name}_${uid}`, 'main')
    return [join(folder, '0.log'), join(folder, '0.stderr.log')]
  }
}

/** One growing file, line by line. */
class Tail {
  readonly #file: string
  readonly #buffer = Buffer.alloc(64 * 1024)
  #offset = 0
  #partial = ''
  #decoder = new TextDecoder()

  constructor(file: string) {
    this.#file = file
  }

  async more(): Promise<readonly string[]> {
    await using handle = await openIfThere(this.#file)
    if (!handle) return []
    const lines: string[] = []
    for (;;) {
      const { bytesRead } = await handle.read(this.#buffer, 0, this.#buffer.length, this.#offset)
      if (bytesRead === 0) return lines
      this.#offset += bytesRead
      const text = this.#decoder.decode(this.#buffer.subarray(0, bytesRead), { stream: true })
      const parts = (this.#partial + text).split('\n')
      this.#partial = parts.pop() ?? ''
      lines.push(...parts)
    }
  }

  /** What stands after the last line break. */
  rest(): readonly string[] {
    const rest = this.#partial
    this.#partial = ''
    return rest === '' ? [] : [rest]
  }
}

async function lastBytes(file: string): Promise<string> {
  await using handle = await openIfThere(file)
  if (!handle) return ''
  const { size } = await handle.stat()
  const from = Math.max(size - tailBytes, 0)
  const buffer = Buffer.alloc(size - from)
  await handle.read(buffer, 0, buffer.length, from)
  return buffer.toString('utf8')
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

async function openIfThere(file: string) {
  return open(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}
