import { expect, test } from 'vitest'
import { changedParameters, problemOf } from './submission.ts'

test.each([
  [{ name: 'a' }, '', 'A value is needed: it has no default'],
  [{ name: 'a' }, 'x', undefined],
  [{ name: 'a', value: '' }, '', undefined],
  [{ name: 'a', value: 'x' }, '', undefined],
  [{ name: 'a', enum: ['x', 'y'] }, '', 'Choose one of its values'],
  [{ name: 'a', enum: ['x', 'y'] }, 'z', '"z" is none of its values'],
  [{ name: 'a', enum: ['x', 'y'] }, 'y', undefined],
])('%j with "%s": %s', (parameter, value, problem) => {
  expect(problemOf(parameter, value)).toBe(problem)
})

test('only what differs is sent', () => {
  const parameters = [{ name: 'a', value: '1' }, { name: 'b', default: '2' }, { name: 'c' }]
  expect(changedParameters(parameters, { a: '1', b: '3', c: '' })).toEqual(['b=3'])
})
