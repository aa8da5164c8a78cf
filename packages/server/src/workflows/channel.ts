const mostWaiting = 100

/** Where several producers hand things to one reader; who is far ahead of the reader waits. */
export class Channel<T> {
  readonly #items: T[] = []
  #isClosed = false
  #tellWaiting: () => void = () => undefined
  #changed = this.#next()

  async push(item: T): Promise<void> {
    while (this.#items.length >= mostWaiting && !this.#isClosed) await this.#changed
    this.#items.push(item)
    this.#tell()
  }

  async pushAll(items: AsyncIterable<T>): Promise<void> {
    for await (const item of items) await this.push(item)
  }

  /** What was pushed before is still read. */
  close(): void {
    this.#isClosed = true
    this.#tell()
  }

  async *read(): AsyncGenerator<T> {
    for (;;) {
      while (this.#items.length > 0) {
        const taken = this.#items.splice(0)
        this.#tell()
        yield* taken
      }
      if (this.#isClosed) return
      await this.#changed
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellWaiting = resolve
    })
  }

  #tell(): void {
    const tell = this.#tellWaiting
    this.#changed = this.#next()
    tell()
  }
}
