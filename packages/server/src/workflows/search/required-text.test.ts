import { compileRegexp, matches } from '@argosy/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grepLines, linePattern } from './grep-lines.ts'
import { requiredTexts } from './required-text.ts'

test.each([
  ['error', ['error']],
  ['^error: .*', ['error: ']],
  ['a+bc', ['bc']],
  ['abc*d', ['ab']],
  ['abc?', ['ab']],
  ['abc{0,2}xyz', ['xyz']],
  ['a\\.b', ['a.b']],
  ['\\d+ items', [' items']],
  ['[abc]def', ['def']],
  ['[]x]yz', ['yz']],
  ['ab|cde*f', ['ab', 'cd']],
  ['a\\|b', ['a|b']],
  ['(a|b)cd', ['cd']],
  ['ä😀', ['ä😀']],
  ['x😀?', ['x']],
])('every line that %s matches holds one of %j', (source, texts) => {
  expect(requiredTexts(source)).toEqual({ texts, fold: false })
})

const codes = ['\\x41bc', '\\x{1F600}', '\\101bc', '\\pLx', '\\p{Greek}', '\\Qa|b\\E']

test.each(['a|bcd|', '(abc)?', 'a(?i)b', '.*', '(?s)a.b', '(?i)sks', ...codes])(
  'of %s nothing can be told at a glance',
  (source) => {
    expect(requiredTexts(source)).toBeUndefined()
  },
)

test('letters with more than two cases are left out where case does not matter', () => {
  expect(requiredTexts('(?i)Error|took it')).toEqual({ texts: ['Error', 'too'], fold: true })
})

const pieces = [
  '\\x61b',
  '\\pL',
  '\\141',
  '\\Qab\\E',
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
  'A',
]
const piece = fc.constantFrom(...pieces, '^', '$', '(a|b)', '(?:ab)', '|', 'ä', 'k')
const words = ['a', 'b', 'ab', 'A', '.', '1', 'ä', ' ', 'K', '\u212a']
const line = fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join(''))

test('grep finds the lines that the expression matches, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 4 })),
      fc.array(line, { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      async ([fold, parts], lines, size) => {
        const source = `${fold ? '(?i)' : ''}${parts.join('')}`
        const regexp = compileRegexp(source)
        if ('error' in regexp) return
        const bytes = Buffer.from(lines.join('\n'))
        const found: string[] = []
        const pattern = linePattern(source, regexp)
        for await (const some of grepLines(cut(bytes, size), pattern)) found.push(...some)
        const told = lines.at(-1) === '' ? lines.slice(0, -1) : lines
        expect(found).toEqual(told.filter((text) => matches(regexp, text)))
      },
    ),
    { numRuns: 500 },
  )
})

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
