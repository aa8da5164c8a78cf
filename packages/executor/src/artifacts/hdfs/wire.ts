import type { LookupFunction, Socket } from 'node:net'
import { delimited, type Message, messageIn } from '@argosy/kube/protobuf'

export interface Address {
  readonly host: string
  readonly port: number
}

export interface Patience {
  /** How long the other side may say nothing while something is waited for. */
  readonly timeoutMs: number
  /** Before all name nodes are asked again, while none of them is active. */
  readonly pausesMs: readonly number[]
  /** Where hosts are; default: where the machine finds them. */
  readonly lookup?: LookupFunction
  readonly signal: AbortSignal | undefined
}

/** How long it may take to be connected at all. */
const mostConnectMs = 20_000
/** Nobody says more in one message, who speaks this language. */
const mostBytes = 128 * 2 ** 20

/** What makes bytes unreadable on their way. */
export interface Protection {
  seal(bytes: Uint8Array): Uint8Array
  /** So many plain bytes, of as many sealed ones as it takes. */
  open(length: number, read: (length: number) => Promise<Buffer>): Promise<Buffer>
}

/** A connection from which is read what is asked for, no more than a little ahead; one reader at a time. */
export class Wire {
  readonly #socket: Socket
  readonly #patience: Patience
  #failure: Error | undefined
  #wakeReader = () => {}
  readonly #writers = new Set<() => void>()
  #protection: Protection | undefined

  private constructor(socket: Socket, patience: Patience) {
    this.#socket = socket
    this.#patience = patience
    socket.on('readable', () => {
      // Nobody may be reading: an end is noticed all the same.
      socket.read(0)
      this.#wakeReader()
    })
    socket.on('end', () => this.#wakeReader())
    socket.on('connect', () => this.#wakeWriters())
    socket.on('drain', () => this.#wakeWriters())
    socket.on('error', (error) => {
      this.#failure ??= error
    })
    socket.on('close', () => {
      this.#failure ??= new Error('connection closed')
      this.#wakeReader()
      this.#wakeWriters()
    })
  }

  /** For whoever is called. */
  static over(socket: Socket, patience: Patience): Wire {
    return new Wire(socket, patience)
  }

  static async open({ host, port }: Address, patience: Patience): Promise<Wire> {
    const { signal, lookup } = patience
    const { connect } = await import('node:net')
    const more = { ...(signal && { signal }), ...(lookup && { lookup }) }
    const socket = connect({ host, port, noDelay: true, ...more })
    const wire = new Wire(socket, patience)
    const timeoutMs = Math.min(mostConnectMs, patience.timeoutMs)
    await wire.#wait((done) => wire.#writers.add(done), timeoutMs)
    wire.#check()
    return wire
  }

  /** Exactly that many bytes. */
  read(length: number): Promise<Buffer> {
    const raw = (size: number) => this.#read(size)
    return this.#protection?.open(length, raw) ?? raw(length)
  }

  async #read(length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0)
    for (;;) {
      const bytes: Buffer | null = this.#socket.read(length)
      if (bytes?.length === length) return bytes
      this.#check()
      if (this.#socket.readableEnded || bytes) throw new Error('connection ended early')
      await this.#wait((done) => {
        this.#wakeReader = done
      })
    }
  }

  /** A message that has its length before it. */
  async message(): Promise<Message> {
    let length = 0
    for (let at = 0; at < 5; at++) {
      const byte = (await this.read(1))[0] ?? 0
      length += (byte & 0x7f) * 2 ** (7 * at)
      if (byte < 0x80) return messageIn(await this.read(likely(length)))
    }
    throw new Error('an answer without a length')
  }

  /** Done when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#check()
    if (this.#socket.write(this.#protection?.seal(bytes) ?? bytes)) return
    await this.#wait((done) => this.#writers.add(done))
    this.#check()
  }

  /** What has its length before it, in four bytes. */
  async frame(): Promise<Buffer> {
    return this.read(likely((await this.read(4)).readUInt32BE()))
  }

  writeMessage(message: Uint8Array): Promise<void> {
    return this.write(delimited(message))
  }

  /** All that follows, in both directions, is so protected. */
  protect(protection: Protection): void {
    this.#protection = protection
  }

  get isOpen(): boolean {
    return this.#failure === undefined && !this.#socket.readableEnded
  }

  close(): void {
    this.#socket.destroy()
  }

  #wakeWriters(): void {
    for (const wake of this.#writers) wake()
    this.#writers.clear()
  }

  #check(): void {
    this.#patience.signal?.throwIfAborted()
    if (this.#failure) throw this.#failure
  }

  async #wait(
    start: (done: () => void) => unknown,
    timeoutMs = this.#patience.timeoutMs,
  ): Promise<void> {
    const timer = setTimeout(
      () => this.#socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
    await new Promise<void>(start)
    clearTimeout(timer)
  }
}

function likely(length: number): number {
  if (length <= mostBytes) return length
  throw new Error(`an answer of ${length} bytes: another protocol is spoken at this port`)
}
