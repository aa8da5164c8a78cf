import { compileRegexp, matches } from '@argosy/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grepLines, linePattern } from './grep-lines.ts'
import { requiredText } from './required-text.ts'

test.each([
  ['error', 'error'],
  ['^error: .*', 'error: '],
  ['a+bc', 'bc'],
  ['abc*d', 'ab'],
  ['abc?', 'ab'],
  ['abc{0,2}xyz', 'xyz'],
  ['a\\.b', 'a.b'],
  ['\\d+ items', ' items'],
  ['[abc]def', 'def'],
  ['[]x]yz', 'yz'],
  ['a|b', ''],
  ['(abc)?', ''],
  ['(?i)error', ''],
  ['a\\|b', 'a|b'],
  ['ä😀', 'ä😀'],
  ['x😀?', 'x'],
  ['.*', ''],
])('%s needs %j', (source, text) => {
  expect(requiredText(source)).toBe(text)
})

const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    'ab',
    '.',
    'a*',
    'b+',
    'a?',
    'b{2}',
    '[ab]',
    '[^a]',
    '\\.',
    '\\d',
    '^',
    '$',
    '(a|b)',
    'a|b',
    'ä',
  ],
)
const line = fc.array(fc.constantFrom('a', 'b', 'ab', '.', '1', 'ä', ' '), { maxLength: 8 })

test('grep finds the lines that the expression matches, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 4 }),
      fc.array(line, { maxLength: 8 }),
      fc.integer({ min: 1, max: 7 }),
      async (pieces, lines, size) => {
        const source = pieces.join('')
        const regexp = compileRegexp(source)
        if ('error' in regexp) return
        const texts = lines.map((one) => one.join(''))
        const bytes = Buffer.from(texts.join('\n'))
        const found: string[] = []
        const all = grepLines(cut(bytes, size), linePattern(source, regexp))
        for await (const text of all) found.push(text)
        const last = texts.at(-1) === '' ? texts.slice(0, -1) : texts
        expect(found).toEqual(last.filter((text) => matches(regexp, text)))
      },
    ),
  )
})

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
