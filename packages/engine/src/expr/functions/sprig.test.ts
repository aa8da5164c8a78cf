import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { encode } from '../case-codec.ts'
import { compileExpr } from '../expr-lang/compile-expr.ts'
import { functionEnvironment } from './function-environment.ts'

const cases = JSON.parse(readFileSync(new URL('sprig.cases.json', import.meta.url), 'utf8')) as [
  string,
  unknown,
][]

function outcome(source: string, environment = functionEnvironment()) {
  const program = compileExpr(source)
  const result = 'error' in program ? program : program.evaluate(environment)
  return 'error' in result ? result : { value: encode(result.value) }
}

describe('sprig v3.3 answers', () => {
  test.each(cases)('%s', (source, expected) => {
    expect(outcome(source)).toEqual(expected)
  })
})

describe('what cannot be computed', () => {
  const impure = {
    now: () => Date.UTC(2026, 0, 2),
    random: (size: number) => new Uint8Array(size).fill(7),
  }

  test('refuses by its name', () => {
    expect(outcome('sprig.uuidv4()')).toHaveProperty('error', expect.stringContaining('uuidv4'))
    expect(outcome('sprig.bcrypt("x")')).toHaveProperty('error', expect.stringContaining('bcrypt'))
    expect(outcome('sprig.now()')).toHaveProperty('error', expect.stringContaining('now'))
  })

  test('takes time and chance from outside', () => {
    const environment = functionEnvironment(impure)
    expect(outcome('sprig.date("2006", sprig.now())', environment)).toEqual({ value: '2026' })
    expect(outcome('sprig.uuidv4()', environment)).toEqual({
      value: '07070707-0707-4707-8707-070707070707',
    })
    expect(outcome('sprig.randAlpha(3) matches "^[A-Za-z]{3}$"', environment)).toEqual({
      value: true,
    })
  })
})

test('jsonpath() reads one value or a list', () => {
  const json = JSON.stringify('{"a":[{"b":1},{"b":2}]}')
  expect(outcome(`jsonpath(${json}, "$.a[1].b")`)).toEqual({ value: 2 })
  expect(outcome(`jsonpath(${json}, "$.a[*].b")`)).toEqual({ value: [1, 2] })
  expect(outcome(`jsonpath(${json}, "$.z")`)).toHaveProperty('error')
  expect(outcome('jsonpath("{", "$.z")')).toHaveProperty('error')
})
