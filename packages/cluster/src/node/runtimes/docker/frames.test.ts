import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader } from './frames.ts'

type Words = readonly (readonly ['stdout' | 'stderr', string])[]

function encoded(words: Words): Buffer {
  return Buffer.concat(
    words.flatMap(([stream, text]) => {
      const header = Buffer.alloc(8)
      header[0] = stream === 'stderr' ? 2 : 1
      header.writeUInt32BE(Buffer.byteLength(text), 4)
      return [header, Buffer.from(text)]
    }),
  )
}

function told(words: Words, stream: 'stdout' | 'stderr'): string {
  return words.flatMap(([own, text]) => (own === stream ? [text] : [])).join('')
}

test('what two streams said comes apart again, however the bytes are cut', () => {
  const word = fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), fc.string())
  fc.assert(
    fc.property(fc.array(word), fc.array(fc.integer({ min: 1, max: 20 })), (words, cuts) => {
      const reader = new FrameReader()
      const bytes = encoded(words)
      const seen = { stdout: '', stderr: '' }
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const length = cuts[turn % cuts.length] ?? bytes.length
        for (const { stream, bytes: piece } of reader.read(bytes.subarray(at, at + length)))
          seen[stream] += piece.toString('latin1')
        at += length
      }
      const latin = (text: string) => Buffer.from(text).toString('latin1')
      expect(seen).toEqual({
        stdout: latin(told(words, 'stdout')),
        stderr: latin(told(words, 'stderr')),
      })
    }),
  )
})
