import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameOf, lineCutter } from './frames.ts'

test('lines are the same, however the network cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().filter((text) => !/[\r\n]/.test(text))),
      fc.array(fc.nat(9)),
      (lines, cuts) => {
        const text = lines.map((line) => `${line}\n`).join('')
        const cut = lineCutter()
        const found: string[] = []
        let from = 0
        for (const length of [...cuts, text.length]) {
          found.push(...cut(text.slice(from, from + length)))
          from += length
        }
        expect(found).toEqual(lines)
      },
    ),
  )
})

test('the end of a line of Windows is cut off too', () => {
  expect(lineCutter()('a\r\nb\r\n')).toEqual(['a', 'b'])
})

test.each([
  ['data: {"result":{"a":1}} ', { result: { a: 1 } }],
  ['{"result":{"a":1}}', { result: { a: 1 } }],
  ['{"error":{"message":"gone"}}', { error: { message: 'gone' } }],
  [':', undefined],
  ['', undefined],
  ['event: x', undefined],
])('%s', (line, wanted) => {
  expect(frameOf(line)).toEqual(wanted)
})
