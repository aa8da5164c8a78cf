import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'
import { familyText } from './metric-text.ts'

test('a value counts below every bound that it does not exceed', () => {
  const histogram = new Histogram([1, 5])
  for (const value of [0.5, 1, 3, 9]) histogram.observe(value)
  const lines = histogram.lines('m', [{ key: 'a', value: 'x"y' }])
  expect(lines).toEqual([
    'm_bucket{a="x\\"y",le="1"} 2',
    'm_bucket{a="x\\"y",le="5"} 3',
    'm_bucket{a="x\\"y",le="+Inf"} 4',
    'm_sum{a="x\\"y"} 13.5',
    'm_count{a="x\\"y"} 4',
  ])
})

test('a family without lines is not told of', () => {
  const family = { name: 'm', type: 'gauge', help: 'two\nlines' } as const
  expect(familyText(family, [])).toBe('')
  expect(familyText(family, ['m 1'])).toBe('# HELP m two\\nlines\n# TYPE m gauge\nm 1\n')
})
