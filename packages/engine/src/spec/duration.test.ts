import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

const cases = JSON.parse(readFileSync(new URL('duration.cases.json', import.meta.url), 'utf8'))

test.each(cases as [string, unknown][])('Go reads %s the same way', (text, expected) => {
  const duration = parseDuration(text)
  const shown =
    'error' in duration ? duration : { ns: String(duration.ns), text: formatDuration(duration.ns) }
  expect(shown).toEqual(expected)
})

test('what is written reads back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
      expect(parseDuration(formatDuration(ns))).toMatchObject({ ns })
    }),
  )
})
