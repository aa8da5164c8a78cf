import type { Content } from './object-store.ts'

/** The bytes in blocks of `size`, but for the last one; none when there are no bytes. */
export async function* blocksOf(content: Content, size: number): AsyncGenerator<Buffer, void> {
  let held: Buffer[] = []
  let length = 0
  for await (const chunk of await content.open()) {
    held.push(chunk)
    length += chunk.length
    while (length >= size) {
      const bytes = Buffer.concat(held)
      yield bytes.subarray(0, size)
      held = [bytes.subarray(size)]
      length -= size
    }
  }
  if (length > 0) yield Buffer.concat(held)
}
