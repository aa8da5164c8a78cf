import type { Json, JsonObject } from '@argosy/engine'
import { expect, it } from 'vitest'
import { equalJson } from './json-value.ts'

it('values are equal as JSON: order and undefined members do not count, own members do', () => {
  expect(equalJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true)
  expect(equalJson({ a: 1, b: undefined } as JsonObject, { a: 1 })).toBe(true)
  expect(equalJson({ a: 1 }, { a: 1, b: undefined } as JsonObject)).toBe(true)
  for (const other of [{ a: 1, b: 2 }, { b: 1 }, {}, [1], null, { a: null }])
    expect([equalJson({ a: 1 }, other), equalJson(other, { a: 1 })]).toEqual([false, false])
})

it('comparing costs as much as there is, however deep it goes', () => {
  const deep = (depth: number): Json => (depth === 0 ? 1 : { a: deep(depth - 1) })
  // Twice the work a level would be 2^200.
  expect(equalJson(deep(200), deep(200))).toBe(true)
})
