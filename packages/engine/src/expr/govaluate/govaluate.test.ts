import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../case-codec.ts'
import { evaluateGovaluate, evaluateWhen } from './govaluate.ts'

const cases = JSON.parse(
  readFileSync(new URL('govaluate.cases.json', import.meta.url), 'utf8'),
) as [string, unknown, unknown][]
const parameters = { foo: 'bar', n: 5n, f: 1.5, yes: true, list: ['a', 1] }

describe('a when gives what the workflow controller says', () => {
  test.each(cases)('%s', (source, expected) => {
    expect(evaluateWhen(source)).toEqual(expected)
  })
})

describe('an expression with parameters gives what govaluate says', () => {
  test.each(cases)('%s', (source, _when, expected) => {
    const result = evaluateGovaluate(source, parameters)
    expect('error' in result ? result : { value: encode(result.value) }).toEqual(expected)
  })
})

test('no text breaks it', () => {
  const pieces = fc.constantFrom(
    ...['(', ')', '[', ']', '"', "'", '\\', ',', '-', '!', '~', '+', '**', '==', '=~', '&&', '??'],
    ...['?', ':', ' ', 'a', 'in', '1', '0x', '.', 'true', 'é', '<<', '2024-01-01', '{', 'a.B'],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      expect(evaluateWhen(parts.join(''))).toBeTypeOf('object')
      expect(evaluateGovaluate(parts.join(''), parameters)).toBeTypeOf('object')
    }),
    { numRuns: 3000 },
  )
  expect(evaluateWhen('('.repeat(50_000) + ')'.repeat(50_000))).toHaveProperty('error')
})
