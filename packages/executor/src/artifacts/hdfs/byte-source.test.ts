import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteSource } from './byte-source.ts'

async function* streamOf(chunks: readonly Uint8Array[]) {
  yield* chunks
}

test('the pieces have the size that is asked for, and together they are the stream', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 30 }), async (chunks, size) => {
      const source = new ByteSource(streamOf(chunks))
      const pieces: Buffer[] = []
      while (!(await source.isDone())) pieces.push(await source.take(size))
      expect(Buffer.concat(pieces).equals(Buffer.concat(chunks))).toBe(true)
      expect(pieces.slice(0, -1).every(({ length }) => length === size)).toBe(true)
      expect(pieces.at(-1)?.length ?? 1).toBeGreaterThan(0)
    }),
  )
})

test('whoever has enough ends the stream', async () => {
  let ended = false
  const source = new ByteSource(
    (async function* () {
      try {
        for (;;) yield Buffer.alloc(10)
      } finally {
        ended = true
      }
    })(),
  )
  expect((await source.take(15)).length).toBe(15)
  await source.close()
  expect(ended).toBe(true)
})
