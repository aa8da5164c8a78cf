import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aesProtection, saslMessages, saslProtection } from './protections.ts'
import { rc4 } from './rc4.ts'

const key = (byte: number) => Buffer.alloc(16, byte)
const keys = { signOurs: key(1), signTheirs: key(2), sealOurs: key(3), sealTheirs: key(4) }
const turned = { signOurs: key(2), signTheirs: key(1), sealOurs: key(4), sealTheirs: key(3) }
const [one, other] = [
  { key: key(5), iv: key(6) },
  { key: key(7), iv: key(8) },
]

// RFC 6229 and the usual vectors
test.each([
  ['Key', 'Plaintext', 'bbf316e8d940af0ad3'],
  ['Wiki', 'pedia', '1021bf0420'],
  ['Secret', 'Attack at dawn', '45a01f645fc35b383552544b9bf5'],
])('the stream of RC4: %s', (word, text, sealed) => {
  expect(rc4(Buffer.from(word))(Buffer.from(text)).toString('hex')).toBe(sealed)
})

describe.each([
  ['SASL', () => [saslProtection(saslMessages(keys)), saslProtection(saslMessages(turned))]],
  ['AES', () => [aesProtection(one, other), aesProtection(other, one)]],
] as const)('protected by %s', (_, pair) => {
  test('what one seals the other opens, in whatever pieces', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 100_000 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 70_000 }), async (pieces, size) => {
        const [ours, theirs] = pair()
        const sealed = Buffer.concat(pieces.map((piece) => ours?.seal(piece) ?? piece))
        const plain = Buffer.concat(pieces)
        let at = 0
        const read = async (length: number) => {
          at += length
          return sealed.subarray(at - length, at)
        }
        const opened: Buffer[] = []
        for (let left = plain.length; left > 0; left -= size) {
          opened.push((await theirs?.open(Math.min(size, left), read)) ?? Buffer.alloc(0))
        }
        expect(Buffer.concat(opened).equals(plain)).toBe(true)
        expect(at).toBe(sealed.length)
      }),
      { numRuns: 20 },
    )
  })
})

test('a message that was changed, repeated or cut is refused', () => {
  const wrapped = saslMessages(keys).wrap(Buffer.from('text'))
  const changed = Buffer.from(wrapped)
  changed[0] = (changed[0] ?? 0) ^ 1
  expect(() => saslMessages(turned).unwrap(changed)).toThrow('somebody has changed')
  const reader = saslMessages(turned)
  expect(reader.unwrap(wrapped).toString()).toBe('text')
  expect(() => reader.unwrap(wrapped)).toThrow('somebody has changed')
  expect(() => saslMessages(turned).unwrap(wrapped.subarray(0, 12))).toThrow('too short')
})
