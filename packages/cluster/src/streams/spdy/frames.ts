/** A piece of a SPDY/3.1 connection. Data may come in several pieces, the last one with `fin`. */
export type SpdyFrame =
  | {
      readonly type: 'data'
      readonly stream: number
      readonly fin: boolean
      readonly data: Buffer
    }
  | {
      readonly type: 'control'
      readonly kind: number
      readonly flags: number
      readonly payload: Buffer
    }

export const control = {
  synStream: 1,
  synReply: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const

export const finFlag = 1

const headSize = 8
const version = 3
/** Headers of Kubernetes' streams have a few dozen bytes. */
const mostControlBytes = 64 * 1024
export const mostDataBytes = 0xff_ffff

/** Cuts bytes into frames. Throws an Error at what is no SPDY/3. */
export class SpdyFrameReader {
  #rest: Buffer = Buffer.alloc(0)
  /** The data frame that is being read, and how much of it is still to come. */
  #open: { readonly stream: number; readonly fin: boolean; left: number } | undefined;

  *read(chunk: Buffer): Generator<SpdyFrame> {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    for (let frame = this.#next(); frame; frame = this.#next()) yield frame
  }

  #next(): SpdyFrame | undefined {
    if (this.#open) return this.#piece(this.#open)
    if (this.#rest.length < headSize) return undefined
    const first = this.#rest.readUInt32BE(0)
    const second = this.#rest.readUInt32BE(4)
    const flags = second >>> 24
    const size = second & 0xff_ffff
    if (first >>> 31 === 1) return this.#control(first, flags, size)
    this.#rest = this.#rest.subarray(headSize)
    this.#open = { stream: first, fin: (flags & finFlag) !== 0, left: size }
    return this.#piece(this.#open)
  }

  #piece(open: { readonly stream: number; readonly fin: boolean; left: number }) {
    if (open.left > 0 && this.#rest.length === 0) return undefined
    const data = this.#rest.subarray(0, open.left)
    this.#rest = this.#rest.subarray(data.length)
    open.left -= data.length
    if (open.left === 0) this.#open = undefined
    return { type: 'data', stream: open.stream, fin: open.fin && open.left === 0, data } as const
  }

  #control(first: number, flags: number, size: number): SpdyFrame | undefined {
    const spoken = (first >>> 16) & 0x7fff
    if (spoken !== version) throw new Error(`SPDY version ${spoken}, only 3 is spoken here`)
    if (size > mostControlBytes) throw new Error(`a SPDY control frame of ${size} bytes`)
    if (this.#rest.length < headSize + size) return undefined
    const payload = this.#rest.subarray(headSize, headSize + size)
    this.#rest = this.#rest.subarray(headSize + size)
    return { type: 'control', kind: first & 0xffff, flags, payload }
  }
}

/** At most `mostDataBytes` of data. */
export function dataFrame(stream: number, data: Buffer, fin: boolean): Buffer {
  const head = Buffer.alloc(headSize)
  head.writeUInt32BE(stream, 0)
  head.writeUInt32BE(((fin ? finFlag : 0) << 24) | data.length, 4)
  return Buffer.concat([head, data])
}

export function controlFrame(kind: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headSize)
  head.writeUInt32BE(((0x8000 | version) * 0x1_0000 + kind) >>> 0, 0)
  head.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4)
  return Buffer.concat([head, payload])
}

/** Numbers of four bytes each, as most control frames consist of. */
export function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, 4 * index)
  return bytes
}
