import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileRegexp, findAll, group, matches } from './regexp.ts'

const { texts, patterns } = JSON.parse(
  readFileSync(new URL('regexp.cases.json', import.meta.url), 'utf8'),
) as { texts: string[]; patterns: [string, unknown][] }

test.each(patterns)('Go finds the same with %s', (source, expected) => {
  const regexp = compileRegexp(source)
  const found =
    'error' in regexp
      ? regexp
      : {
          matches: texts.map((text) =>
            findAll(regexp, text).map((captures) =>
              regexp.names.map((_, index) => group(text, captures, index)),
            ),
          ),
        }
  expect(found).toEqual(expected)
})

test('a pattern that explodes elsewhere stays linear', () => {
  const regexp = compileRegexp('(a+)+$')
  if ('error' in regexp) throw new Error(regexp.error)
  expect(matches(regexp, `${'a'.repeat(20_000)}b`)).toBe(false)
})

test('no pattern breaks it', () => {
  const pieces = fc.constantFrom(
    ...['(', ')', '[', ']', '{2}', '{', '}', '*', '+', '?', '|', '^', '$', '.', '-', ':', '\\'],
    ...['a', 'é', '1', '(?i)', '(?:', '(?P<n>', '[[:alpha:]]', '\\pL', '\\b', '\\Q'],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 15 }), fc.string(), (parts, text) => {
      const regexp = compileRegexp(parts.join(''))
      if (!('error' in regexp)) expect(matches(regexp, text)).toBeTypeOf('boolean')
    }),
    { numRuns: 1000 },
  )
})
