import { describe, expect, test } from 'vitest'
import type { Json } from '../spec/json.ts'
import { Scope } from '../workflow/scope.ts'
import { substitute, type Variables } from './tags.ts'
import { tagCases } from './tags-cases.table.ts'

function scopeOf(variables: Readonly<Record<string, string | null>>): Scope {
  const scope = new Scope()
  for (const [name, value] of Object.entries(variables)) scope.set(name, value)
  return scope
}

describe('every substitution gives what upstream gives', () => {
  for (const { name, value, vars, strict, final, want } of tagCases) {
    test(name, () => {
      const result = substitute(value, scopeOf(vars), { strict, final })
      if (want.error === undefined) {
        expect(result).toEqual({ value: want.value, unresolved: [] })
      } else if (want.missing && !final) {
        expect(want.error).toContain(result.unresolved[0])
      } else {
        expect(result.problem).toBe(want.error)
        expect(result.value).toBe(value)
      }
    })
  }
})

test('what has no tags comes back as the same object', () => {
  const untouched = { deep: [{ text: 'no tags', number: 1 }] }
  const value = { untouched, changed: { text: '{{a}}' } }
  const result = substitute(value, scopeOf({ a: 'A' })).value
  expect(result).toEqual({ untouched, changed: { text: 'A' } })
  expect(result.untouched).toBe(untouched)
  expect(substitute(untouched, scopeOf({ a: 'A' })).value).toBe(untouched)
})

test('tags that nothing resolves leave the object alone', () => {
  const value = { list: ['{{nope}}', '{{=nope}}'] }
  expect(substitute(value, scopeOf({})).value).toBe(value)
})

test('the value itself is never changed', () => {
  const value = { '{{a}}': ['{{a}}'], b: { c: '{{a}}' } }
  const before = structuredClone(value)
  substitute(value, scopeOf({ a: 'A' }))
  expect(value).toEqual(before)
})

test('the same object gives other text for other variables', () => {
  const value = { text: 'x{{a}}' }
  expect(substitute(value, scopeOf({ a: '1' })).value).toEqual({ text: 'x1' })
  expect(substitute(value, scopeOf({ a: '2' })).value).toEqual({ text: 'x2' })
})

test('renamed keys keep their place', () => {
  const value = { a: 1, '{{k}}': '{{v}}', z: 2 } as Json
  const result = substitute(value, scopeOf({ k: 'key', v: 'value' })).value
  expect(JSON.stringify(result)).toBe('{"a":1,"key":"value","z":2}')
})

test('a text that a variable brought is not looked at again', () => {
  const value = { text: '{{a}} {{b}}' }
  const variables = scopeOf({ a: '{{b}}', b: '{{=1 + 1}}' })
  expect(substitute(value, variables).value).toEqual({ text: '{{b}} {{=1 + 1}}' })
})

test('all strict names that are missing are told', () => {
  const value = { a: '{{steps.a.id}}', b: ['{{=steps.b.id}}', '{{inputs.parameters.x}}'] }
  const { unresolved } = substitute(value, scopeOf({}), { strict: ['steps.'] })
  expect(unresolved).toEqual(['steps.a.id', 'steps'])
})

test('simple tags do not ask for the environment', () => {
  const variables: Variables = {
    lookup: (name) => (name === 'a' ? 'A' : undefined),
    environment: () => {
      throw new Error('not needed')
    },
  }
  expect(substitute({ text: '{{a}}{{b}}' }, variables).value).toEqual({ text: 'A{{b}}' })
})

test('a simple tag costs one look-up', () => {
  const value = { list: Array.from({ length: 100 }, (_, i) => `item ${i}: {{a}} and {{b.c}}`) }
  const asked: string[] = []
  const lookup = (name: string) => {
    asked.push(name)
    return 'x'
  }
  substitute(value, { lookup, environment: () => ({}) })
  expect(asked).toEqual(Array.from({ length: 100 }, () => ['a', 'b.c']).flat())
})
