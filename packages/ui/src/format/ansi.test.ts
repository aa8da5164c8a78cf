import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ansiSpans, withoutControl } from './ansi.ts'

test.each([
  [
    '\u001b[31mred\u001b[0m plain',
    [
      ['red', { color: 1 }],
      [' plain', {}],
    ],
  ],
  ['\u001b[1;92mok\u001b[m', [['ok', { bold: true, color: 10 }]]],
  [
    '\u001b[44;1mx\u001b[49;22my',
    [
      ['x', { background: 4, bold: true }],
      ['y', { bold: false, dim: false }],
    ],
  ],
  [
    '\u001b[38;5;208mo\u001b[39mp',
    [
      ['o', { color: 'rgb(255 135 0)' }],
      ['p', {}],
    ],
  ],
  [
    '\u001b[38;5;9ma\u001b[48;2;1;2;999mb',
    [
      ['a', { color: 9 }],
      ['b', { color: 9, background: 'rgb(1 2 255)' }],
    ],
  ],
  ['\u001b[2K\u001b[1Gdone', [['done', {}]]],
  ['10%\r\u001b[32m100%\r', [['100%', { color: 2 }]]],
  ['a\tb', [['a    b', {}]]],
  ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', [['link', {}]]],
] as const)('%j is %j', (line, wanted) => {
  expect(ansiSpans(line).map(({ text, look }) => [text, look])).toEqual(wanted)
})

test('the pieces together are the text alone, and no escape is left', () => {
  const piece = fc.constantFrom(
    ...[
      '\u001b[31m',
      '\u001b[',
      '\u001b',
      '\u001b[38;5m',
      '\u001b[0;1;4m',
      '\u001b]0;t\u0007',
      'm',
    ],
    ...['a', '\t', '\r', '31m', '😀', ' '],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const line = pieces.join('')
      const spans = ansiSpans(line)
      expect(spans.map(({ text }) => text).join('')).toBe(withoutControl(line))
      expect(withoutControl(line)).not.toContain('\u001b')
    }),
  )
})
