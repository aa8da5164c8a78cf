import { Duplex } from 'node:stream'
import {
  control,
  controlFrame,
  dataFrame,
  finFlag,
  mostDataBytes,
  type SpdyFrame,
  SpdyFrameReader,
  words,
} from './frames.ts'
import { emptyHeaders, HeaderReader, type SpdyHeaders } from './headers.ts'

/** What a stream may hold before its reader: then the whole connection waits, for SPDY here has no windows. */
const streamBytes = 256 * 1024
const cancelled = 5

/** One stream that the client opened. Its two directions end apart. */
export class SpdyStream extends Duplex {
  readonly id: number
  readonly headers: SpdyHeaders
  readonly #send: (bytes: Buffer) => Promise<void>
  #wanted: () => void = () => undefined

  constructor(id: number, headers: SpdyHeaders, send: (bytes: Buffer) => Promise<void>) {
    super({ allowHalfOpen: true, readableHighWaterMark: streamBytes })
    this.id = id
    this.headers = headers
    this.#send = send
    this.on('error', () => undefined)
  }

  /** Resolves when more may come. */
  async deliver(data: Buffer): Promise<void> {
    if (this.destroyed || this.readableEnded || data.length === 0 || this.push(data)) return
    await new Promise<void>((resolve) => {
      this.#wanted = resolve
    })
  }

  override _read(): void {
    this.#wanted()
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#write(chunk).then(() => done(), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#send(dataFrame(this.id, Buffer.alloc(0), true)).then(() => done(), done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#wanted()
    const isWhole = this.readableEnded && this.writableFinished
    if (isWhole) done(null)
    else {
      const reset = controlFrame(control.reset, 0, words(this.id, cancelled))
      this.#send(reset).then(
        () => done(error),
        () => done(error),
      )
    }
  }

  async #write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; at += mostDataBytes) {
      await this.#send(dataFrame(this.id, chunk.subarray(at, at + mostDataBytes), false))
    }
  }
}

/**
 * The server's end of a SPDY/3.1 connection as Kubernetes' clients speak it: streams are opened by the client only, and
 * nobody counts windows.
 */
export class SpdyConnection {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly done: Promise<void>
  readonly #transport: Duplex
  readonly #accept: (stream: SpdyStream) => void
  readonly #streams = new Map<number, SpdyStream>()
  readonly #frames = new SpdyFrameReader()
  readonly #headers = new HeaderReader()
  readonly #unsent = new Set<(error: Error) => void>()
  #hasReplied = false

  constructor(transport: Duplex, accept: (stream: SpdyStream) => void) {
    this.#transport = transport
    this.#accept = accept
    transport.on('error', () => transport.destroy())
    // Also for who waits for a stream's reader, and would not see the end.
    transport.on('close', () => this.#drop())
    this.done = this.#run()
  }

  /** Ends it when everything written is on its way. */
  end(): void {
    this.#transport.end()
  }

  destroy(): void {
    this.#transport.destroy()
  }

  async #run(): Promise<void> {
    try {
      for await (const chunk of this.#transport) {
        for (const frame of this.#frames.read(chunk as Buffer)) await this.#hear(frame)
      }
    } catch {
      // What is no SPDY, or a broken connection: nobody can be told.
    } finally {
      this.#drop()
      this.#headers.close()
      this.#transport.destroy()
    }
  }

  #drop(): void {
    // Not every transport says of a write under way that it was lost.
    for (const lose of this.#unsent) lose(new Error('the connection is gone'))
    this.#unsent.clear()
    for (const stream of this.#streams.values()) stream.destroy()
  }

  async #hear(frame: SpdyFrame): Promise<void> {
    if (frame.type === 'data') {
      const stream = this.#streams.get(frame.stream)
      await stream?.deliver(frame.data)
      if (frame.fin && !stream?.destroyed) stream?.push(null)
      return
    }
    const { kind, flags, payload } = frame
    if (kind === control.synStream) await this.#open(flags, payload)
    else if (kind === control.ping) await this.#send(controlFrame(control.ping, 0, payload))
    else if (kind === control.reset) this.#streams.get(payload.readUInt32BE(0))?.destroy()
    // Not for what it says, but because the blocks after it build on it.
    else if (kind === control.headers) await this.#headers.read(payload.subarray(4))
  }

  async #open(flags: number, payload: Buffer): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fff_ffff
    const headers = await this.#headers.read(payload.subarray(10))
    if (this.#streams.has(id)) throw new Error(`SPDY stream ${id} is opened twice`)
    const stream = new SpdyStream(id, headers, (bytes) => this.#send(bytes))
    this.#streams.set(id, stream)
    stream.on('close', () => this.#streams.delete(id))
    const reply = Buffer.concat([words(id), emptyHeaders(!this.#hasReplied)])
    this.#hasReplied = true
    await this.#send(controlFrame(control.synReply, 0, reply))
    if ((flags & finFlag) !== 0) stream.push(null)
    this.#accept(stream)
  }

  #send(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#unsent.add(reject)
      this.#transport.write(bytes, (error) => {
        this.#unsent.delete(reject)
        if (error) reject(error)
        else resolve()
      })
    })
  }
}
