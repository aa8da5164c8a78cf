import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('each of the thirty points has a test that bears its number', () => {
  const folder = new URL('./', import.meta.url)
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
  const text = tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const numbers = [...text.matchAll(/^test\('(\d+)[.,]/gm)].map(([, number]) => Number(number))
  expect([...new Set(numbers)].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, index) => index + 1),
  )
})
