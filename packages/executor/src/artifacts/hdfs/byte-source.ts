/** Bytes of a stream in pieces of the size that is asked for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array[] = []
  #length = 0
  #ended = false

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** So many bytes; fewer only at the end. */
  async take(size: number): Promise<Buffer> {
    await this.#fill(size)
    const bytes = Buffer.concat(this.#held)
    const rest = bytes.subarray(size)
    this.#held = rest.length > 0 ? [rest] : []
    this.#length = rest.length
    return bytes.subarray(0, size)
  }

  /** Whether there are no more. */
  async isDone(): Promise<boolean> {
    await this.#fill(1)
    return this.#length === 0
  }

  /** Whoever makes the bytes need not go on. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #fill(size: number): Promise<void> {
    while (this.#length < size && !this.#ended) {
      const { done, value } = await this.#chunks.next()
      if (done) this.#ended = true
      else {
        this.#held.push(value)
        this.#length += value.length
      }
    }
  }
}
