import { once } from 'node:events'
import { type Duplex, duplexPair } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { HeaderWriter } from './compress.fixture.ts'
import { SpdyConnection, type SpdyStream } from './connection.ts'
import {
  control,
  controlFrame,
  dataFrame,
  type SpdyFrame,
  SpdyFrameReader,
  words,
} from './frames.ts'

describe('a SPDY connection', () => {
  it('answers a stream, carries bytes both ways, and ends each way apart', async () => {
    await using client = new Client()
    const stream = await client.open(1, 'data')
    expect(stream.headers.get('streamtype')).toBe('data')
    expect((await client.next()).type).toBe('control')
    client.send(dataFrame(1, Buffer.from('to the pod'), true))
    expect(await text(stream)).toBe('to the pod')
    stream.end('from the pod')
    expect(await client.next()).toMatchObject({
      stream: 1,
      fin: false,
      data: Buffer.from('from the pod'),
    })
    expect(await client.next()).toMatchObject({ stream: 1, fin: true })
  })

  it('answers a ping with itself', async () => {
    await using client = new Client()
    client.send(controlFrame(control.ping, 0, words(9)))
    expect(await client.next()).toEqual({
      type: 'control',
      kind: control.ping,
      flags: 0,
      payload: words(9),
    })
  })

  it('a stream that is reset is gone, and the others are not', async () => {
    await using client = new Client()
    const [one, other] = [await client.open(1, 'data'), await client.open(3, 'data')]
    const closed = once(one, 'close')
    client.send(controlFrame(control.reset, 0, words(1, 5)))
    await closed
    client.send(dataFrame(3, Buffer.from('still here'), true))
    expect(await text(other)).toBe('still here')
  })

  it('waits for who reads slowly, and loses nothing', async () => {
    await using client = new Client()
    const stream = await client.open(1, 'stdin')
    const chunk = Buffer.alloc(200_000, 'x')
    for (let sent = 0; sent < 10; sent++) client.send(dataFrame(1, chunk, sent === 9))
    expect((await text(stream)).length).toBe(2_000_000)
  })

  it('ends all streams with the connection, also those that wait for a reader', async () => {
    const client = new Client()
    const stream = await client.open(1, 'stdin')
    client.send(dataFrame(1, Buffer.alloc(1_000_000), false))
    const closed = once(stream, 'close')
    await client[Symbol.asyncDispose]()
    await closed
    expect(stream.destroyed).toBe(true)
  })

  it('what is no SPDY ends the connection', async () => {
    const client = new Client()
    client.send(Buffer.from('80020001ffffffff', 'hex'))
    await client.connection.done
    await client[Symbol.asyncDispose]()
  })
})

/** The other end, with its own compression. */
class Client implements AsyncDisposable {
  readonly connection: SpdyConnection
  readonly #far: Duplex
  readonly #headers = new HeaderWriter()
  readonly #reader = new SpdyFrameReader()
  readonly #heard: SpdyFrame[] = []
  #accepted: (stream: SpdyStream) => void = () => undefined
  #told: () => void = () => undefined

  constructor() {
    const [near, far] = duplexPair()
    this.#far = far
    this.connection = new SpdyConnection(near, (stream) => this.#accepted(stream))
    far.on('error', () => undefined)
    far.on('data', (chunk: Buffer) => {
      this.#heard.push(...this.#reader.read(chunk))
      this.#told()
    })
  }

  async open(id: number, type: string): Promise<SpdyStream> {
    const opened = new Promise<SpdyStream>((resolve) => {
      this.#accepted = resolve
    })
    const compressed = await this.#headers.write({ Streamtype: type })
    const payload = Buffer.concat([words(id, 0), Buffer.alloc(2), compressed])
    this.send(controlFrame(control.synStream, 0, payload))
    return opened
  }

  send(bytes: Buffer): void {
    this.#far.write(bytes)
  }

  async next(): Promise<SpdyFrame> {
    for (;;) {
      const frame = this.#heard.shift()
      if (frame) return frame
      await new Promise<void>((resolve) => {
        this.#told = resolve
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#far.destroy()
    this.connection.destroy()
    await this.connection.done
  }
}

/** Unlike stream/consumers', which ends the other direction too. */
async function text(stream: SpdyStream): Promise<string> {
  let all = ''
  stream.on('data', (chunk) => {
    all += chunk
  })
  await once(stream, 'end')
  return all
}
