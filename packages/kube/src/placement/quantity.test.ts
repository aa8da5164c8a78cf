import { expect, test } from 'vitest'
import { parseQuantity } from './quantity.ts'

test.each([
  ['100m', 0.1],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1e3', 1000],
  ['2k', 2000],
  ['.5', 0.5],
  ['1E', 1e18],
  ['x', undefined],
  ['1 Gi', undefined],
  ['1KI', undefined],
])('quantity %s is %s', (text, value) => {
  expect(parseQuantity(text)).toBe(value)
})
