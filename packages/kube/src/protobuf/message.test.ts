import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delimited, encodeMessage, zigzag } from './encode-message.ts'
import { messageIn, undelimited } from './message.ts'
import { BadWire } from './wire-fields.ts'

test('what was written is read back', () => {
  const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(
    fc.property(fc.string(), u64, fc.uint8Array(), fc.boolean(), (text, number, bytes, truth) => {
      const inner = encodeMessage([1, text], [2, number])
      const message = messageIn(encodeMessage([3, bytes], [16, inner], [5, truth]))
      expect(message.message(16)?.text(1)).toBe(Buffer.from(text).toString())
      expect(message.message(16)?.big(2)).toBe(number)
      expect([...(message.bytes(3) ?? [])]).toEqual([...bytes])
      expect(message.number(5)).toBe(truth ? 1 : 0)
    }),
  )
})

test('the bytes are those of the format’s own description', () => {
  expect(encodeMessage([1, 150]).toString('hex')).toBe('089601')
  expect(encodeMessage([2, 'testing']).toString('hex')).toBe('120774657374696e67')
  expect(delimited(encodeMessage([1, 1])).toString('hex')).toBe('020801')
  expect([0, -1, 1, -2, 2147483647, -2147483648].map(zigzag)).toEqual([
    0, 1, 2, 3, 4294967294, 4294967295,
  ])
})

test('what is absent is empty, and of what is repeated the last counts where one is asked for', () => {
  const message = messageIn(encodeMessage([1, 7], [1, 8], [2, undefined]))
  expect([message.number(1), message.numbers(1), message.number(2)]).toEqual([8, [7, 8], 0])
  expect([message.text(9), message.bytes(9), message.message(9)]).toEqual([
    '',
    undefined,
    undefined,
  ])
  expect(message.messages(9)).toEqual([])
})

test('a message after its length leaves the rest', () => {
  const { message, rest } = undelimited(
    Buffer.concat([delimited(encodeMessage([1, 'x'.repeat(300)])), Buffer.from('rest')]),
  )
  expect([message.text(1).length, Buffer.from(rest).toString()]).toEqual([300, 'rest'])
})

test('bytes that are no message, or another one, are refused', () => {
  expect(() => messageIn(Buffer.from([0x0a, 5, 1]))).toThrow(BadWire)
  expect(() => undelimited(Buffer.from([5, 8, 1]))).toThrow(BadWire)
  expect(() => undelimited(Buffer.alloc(0))).toThrow(BadWire)
  expect(() => messageIn(encodeMessage([1, 'text'])).number(1)).toThrow('field 1 is no number')
  expect(() => messageIn(encodeMessage([1, 5])).text(1)).toThrow('field 1 has no bytes')
})
