import { Readable, Writable } from 'node:stream'
import type { Clock } from '@argosy/kube'
import type { TerminalSize } from '../node/runtime.ts'
import { type CommandOptions, type RemoteCommand, sizeOf } from './remote-command.ts'
import type { SpdyConnection, SpdyStream } from './spdy/connection.ts'

/** As long as Kubernetes waits for the streams that a client has announced. */
const streamsWithinMs = 30_000

/** Gathers a client's streams; undefined when it does not open what it asked for. */
export class SpdyCommandStreams {
  readonly #streams = new Map<string, SpdyStream>()
  readonly #wanted: readonly string[]
  readonly #whole: Promise<void>
  #tell: () => void = () => undefined

  constructor(asked: CommandOptions) {
    this.#wanted = [
      'error',
      ...(asked.stdin ? ['stdin'] : []),
      ...(asked.stdout ? ['stdout'] : []),
      ...(asked.stderr && !asked.tty ? ['stderr'] : []),
      ...(asked.tty ? ['resize'] : []),
    ]
    this.#whole = new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  add(stream: SpdyStream): void {
    const type = stream.headers.get('streamtype') ?? ''
    if (!this.#wanted.includes(type) || this.#streams.has(type)) {
      stream.destroy()
      return
    }
    this.#streams.set(type, stream)
    if (this.#streams.size === this.#wanted.length) this.#tell()
  }

  async command(connection: SpdyConnection, clock: Clock): Promise<RemoteCommand | undefined> {
    const left = new AbortController()
    void connection.done.then(() => left.abort())
    const waited = new AbortController()
    const late = clock.until(clock.now() + streamsWithinMs, waited.signal).catch(() => undefined)
    await Promise.race([this.#whole, late, connection.done])
    waited.abort()
    if (this.#streams.size < this.#wanted.length || left.signal.aborted) return undefined
    return this.#remote(connection, left.signal)
  }

  #remote(connection: SpdyConnection, gone: AbortSignal): RemoteCommand {
    const [error, stdin, stdout, stderr, resize] = [
      'error',
      'stdin',
      'stdout',
      'stderr',
      'resize',
    ].map((type) => this.#streams.get(type))
    // What nobody reads must not hold up the rest.
    for (const stream of [error, stdout, stderr]) stream?.resume()
    return {
      stdin: stdin ?? Readable.from([]),
      stdout: stdout ?? nowhere(),
      stderr: stderr ?? nowhere(),
      gone,
      onSize: (hear) => readSizes(resize, hear),
      async end(how) {
        const all = [stdout, stderr, error].filter((stream) => stream !== undefined)
        error?.write(JSON.stringify(how))
        await Promise.all(all.map((stream) => new Promise<void>((done) => stream.end(done))))
        connection.end()
      },
    }
  }
}

/** Sizes come one after the other, not always whole. */
function readSizes(stream: SpdyStream | undefined, hear: (size: TerminalSize) => void): void {
  let rest = ''
  stream?.on('data', (chunk: Buffer) => {
    rest += chunk.toString()
    for (const [whole] of rest.matchAll(/\{[^}]*\}/g)) {
      const size = sizeOf(whole)
      if (size) hear(size)
    }
    rest = rest.slice(rest.lastIndexOf('}') + 1).slice(-1024)
  })
}

function nowhere(): Writable {
  return new Writable({ write: (_, __, done) => done() })
}
