import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../case-codec.ts'
import { queryJson } from './query-json.ts'

/** A path, a document, and what evilmonkeyinc/jsonpath v0.8.1 makes of them. */
type Case = readonly [path: string, json: string, answer: unknown]

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('jsonpath.cases.json', import.meta.url), 'utf8'),
)

function outcome(path: string, json: string) {
  const result = queryJson(path, JSON.parse(json))
  return 'error' in result ? result : { value: encode(result.value) }
}

describe('evilmonkeyinc/jsonpath v0.8.1 answers', () => {
  test.each(cases)('%s in %s', (path, json, answer) => {
    expect(outcome(path, json)).toEqual(answer)
  })
})

test('no path breaks it', () => {
  const pieces = fc.constantFrom(
    ...[
      '$',
      '@',
      '.',
      '..',
      '[',
      ']',
      '(',
      ')',
      '?(',
      "'",
      '"',
      '*',
      ':',
      ',',
      '-1',
      '0',
      'a',
      ' ',
    ],
    ...['==', '&&', '||', '!', 'in', '=~', '[*]', '[?(@.a)]', '[(@.length-1)]', 'length', 'é', '%'],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const path = `$${parts.join('')}`
      try {
        expect(outcome(path, '{"a":[1,{"a":"x"},[]],"b":null}')).toBeTypeOf('object')
      } catch (error) {
        // What Go panics with is an expression's error.
        expect(String(error)).toContain('integer divide by zero')
      }
    }),
    { numRuns: 3000 },
  )
})

test('what leads too far ends', () => {
  const tenfold = `$${`[${Array(10).fill(0)}]`.repeat(9)}`
  expect(outcome(tenfold, '[[[[[[[[[1]]]]]]]]]')).toHaveProperty('error')
  const deep = '['.repeat(3000) + ']'.repeat(3000)
  expect(outcome('$..a', deep)).toHaveProperty('error')
  expect(outcome(`$${'[(@'.repeat(3000)}`, '{}')).toHaveProperty('error')
  expect(outcome(`$[?(${'('.repeat(5000)}1${')'.repeat(5000)})]`, '[1]')).toBeTypeOf('object')
})
