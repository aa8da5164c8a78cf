import { constants, createDeflate } from 'node:zlib'
import { spdyDictionary } from './dictionary.table.ts'
import { words } from './frames.ts'

/** Header blocks as a client writes them: each compressed against those before it. */
export class HeaderWriter {
  readonly #deflate = createDeflate({ dictionary: spdyDictionary() })
  readonly #chunks: Buffer[] = []

  constructor() {
    this.#deflate.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
  }

  async write(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const texts = Object.entries(headers).flat()
    const counted = texts.flatMap((text) => [words(text.length), Buffer.from(text)])
    this.#deflate.write(Buffer.concat([words(texts.length / 2), ...counted]))
    await new Promise<void>((resolve) => {
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => resolve())
    })
    return Buffer.concat(this.#chunks.splice(0))
  }
}
