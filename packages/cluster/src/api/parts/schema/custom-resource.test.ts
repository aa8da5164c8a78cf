import type { JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import cases from './custom-resource.cases.json' with { type: 'json' }
import { conform, strictText, strictWarnings } from './custom-resource.ts'
import { patternOf } from './validate.ts'

interface Case {
  readonly name: string
  readonly schema: JsonObject
  readonly object: JsonObject
  readonly result: JsonObject
  readonly unknown: readonly string[]
  readonly flaws: readonly string[]
}

describe('as Kubernetes conforms custom resources', () => {
  test.each(cases as unknown as readonly Case[])('$name', (each) => {
    const { object, unknown, flaws } = conform(each.object, each.schema)
    expect(object).toEqual(each.result)
    expect(unknown).toEqual(each.unknown)
    const texts = flaws.map(({ field, reason, message }) => `${field} ${reason} ${message}`)
    expect(texts.sort()).toEqual(each.flaws.toSorted())
  })
})

test('conforming what conforms changes nothing', () => {
  for (const { object, schema } of cases as unknown as readonly Case[]) {
    const once = conform(object, schema)
    expect(conform(once.object, schema)).toEqual({ ...once, unknown: [] })
  }
})

test('a strict refusal names unknown and duplicate fields', () => {
  expect(strictText(['spec.a', 'b'], ['spec.c'])).toBe(
    'strict decoding error: duplicate field "spec.c", unknown field "spec.a", unknown field "b"',
  )
})

test('a lenient answer warns of each', () => {
  expect(strictWarnings(['spec.a'])).toEqual(['unknown field "spec.a"'])
})

test('patterns may have the flags and ends of Go', () => {
  expect(patternOf('(?i)^ab\\z')?.test('AB')).toBe(true)
  expect(patternOf('^[\\w\\-]+$')?.test('a-b')).toBe(true)
  expect(patternOf('(')).toBeUndefined()
})
