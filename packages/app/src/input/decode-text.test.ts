import { expect, test } from 'vitest'
import { decodeText } from './decode-text.ts'

const utf16 = (text: string) =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

test('UTF-8 and what begins as UTF-16 are read', () => {
  expect(decodeText(Buffer.from('a: größe 🚀\r\n\tb'))).toBe('a: größe 🚀\r\n\tb')
  expect(decodeText(Buffer.from('\ufeffa: 1'))).toBe('\ufeffa: 1')
  expect(decodeText(utf16('a: größe'))).toBe('a: größe')
  expect(decodeText(utf16('a: größe').swap16())).toBe('a: größe')
  expect(decodeText(Buffer.from(''))).toBe('')
})

test.each([
  ['another encoding', Buffer.from('ok: 1\nname: größe\n', 'latin1'), 2, 9, 'this is not UTF-8'],
  ['a program', Buffer.from('\x7fELF'), 1, 1, 'a control character (0x7f)'],
  ['a NUL', Buffer.from('a: 1\nb: "x\0y"'), 2, 6, 'a control character (0x00)'],
  ['an escape for terminals', Buffer.from('a: "\x1b[2J"'), 1, 5, 'a control character (0x1b)'],
])('%s is refused, and where it begins is said', (_, bytes, line, column, words) => {
  expect(() => decodeText(bytes)).toThrow(
    expect.objectContaining({ line, column, message: expect.stringContaining(words) }),
  )
})
