import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityValue,
} from './quantity.ts'

const cases = JSON.parse(readFileSync(new URL('quantity.cases.json', import.meta.url), 'utf8'))

function parsed(text: string) {
  const quantity = parseQuantity(text)
  if ('error' in quantity) throw new Error(quantity.error)
  return quantity
}

test.each(cases as [string, unknown][])('Kubernetes reads %s the same way', (text, expected) => {
  const quantity = parseQuantity(text)
  expect('error' in quantity ? quantity : { text: formatQuantity(quantity) }).toEqual(expected)
})

test('quantities add, compare and become numbers exactly', () => {
  expect(formatQuantity(addQuantities(parsed('1.5'), parsed('500m')))).toBe('2')
  expect(compareQuantities(parsed('1Gi'), parsed('1G'))).toBeGreaterThan(0)
  expect(quantityValue(parsed('250m'))).toBe(0.25)
})
