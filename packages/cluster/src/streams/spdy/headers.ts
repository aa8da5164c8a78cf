import { constants, createInflate, type Inflate } from 'node:zlib'
import { spdyDictionary, spdyDictionaryId } from './dictionary.table.ts'
import { words } from './frames.ts'

/** Names in small letters; several values of one name are joined by NUL, of which there are none in Kubernetes. */
export type SpdyHeaders = ReadonlyMap<string, string>

/** Reads the name/value block of a frame; throws an Error when it is cut short. */
export function parseHeaders(block: Buffer): SpdyHeaders {
  const headers = new Map<string, string>()
  let at = 0
  const text = () => {
    const size = block.readUInt32BE(at)
    if (at + 4 + size > block.length) throw new Error('a SPDY header block is cut short')
    at += 4 + size
    return block.toString('latin1', at - size, at)
  }
  const count = block.readUInt32BE(0)
  at = 4
  for (let left = count; left > 0; left--) headers.set(text().toLowerCase(), text())
  return headers
}

/** Kubernetes' streams have a few words each; what is compressed can be a thousand times as much. */
const mostBlockBytes = 256 * 1024

/** All blocks of a connection, from its first on: each is compressed against those before it. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({
    dictionary: spdyDictionary(),
    flush: constants.Z_SYNC_FLUSH,
  })
  #chunks: Buffer[] = []
  #size = 0
  #fail: (error: Error) => void = () => undefined

  constructor() {
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#size += chunk.length
      if (this.#size > mostBlockBytes)
        this.#inflate.destroy(new Error('SPDY headers are too large'))
    })
    this.#inflate.on('error', (error) => this.#fail(error))
  }

  /** One after the other: call it again when the last block is read. */
  async read(compressed: Buffer): Promise<SpdyHeaders> {
    await new Promise<void>((resolve, reject) => {
      this.#fail = reject
      this.#inflate.write(compressed, (error) => (error ? reject(error) : resolve()))
    })
    if (this.#size > mostBlockBytes) throw new Error('SPDY headers are too large')
    const block = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#size = 0
    return parseHeaders(block)
  }

  close(): void {
    this.#inflate.close()
  }
}

/** The block without headers, which is all that we ever send: stored as it is, so it needs no state but the first's. */
export function emptyHeaders(isFirst: boolean): Buffer {
  const zlibHead = isFirst ? [Buffer.from([0x78, 0xbb]), words(spdyDictionaryId)] : []
  const stored = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0])
  // An empty block behind it is how zlib says: hand over what there is.
  const flushed = Buffer.from([0, 0, 0, 0xff, 0xff])
  return Buffer.concat([...zlibHead, stored, flushed])
}
