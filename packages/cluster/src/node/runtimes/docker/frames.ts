/** A piece of what a program wrote. */
export interface Frame {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Buffer
}

const headerSize = 8

/** Takes apart what the engine sends of a program without a terminal: a header of 8 bytes, then the bytes of one stream. */
export class FrameReader {
  #header: Buffer = Buffer.alloc(0)
  #stream: Frame['stream'] = 'stdout'
  #left = 0

  /** Frames may be cut anywhere; what has come of one is given at once. */
  read(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = []
    let rest = chunk
    while (rest.length > 0) {
      if (this.#left === 0) rest = this.#readHeader(rest)
      else {
        const bytes = rest.subarray(0, this.#left)
        frames.push({ stream: this.#stream, bytes })
        this.#left -= bytes.length
        rest = rest.subarray(bytes.length)
      }
    }
    return frames
  }

  #readHeader(chunk: Buffer): Buffer {
    const missing = headerSize - this.#header.length
    const header = Buffer.concat([this.#header, chunk.subarray(0, missing)])
    this.#header = header.length < headerSize ? header : Buffer.alloc(0)
    if (header.length === headerSize) {
      this.#stream = header[0] === 2 ? 'stderr' : 'stdout'
      this.#left = header.readUInt32BE(4)
    }
    return chunk.subarray(missing)
  }
}
