import { expect, test } from 'vitest'
import { withoutControl } from '../format/ansi.ts'
import { findLines } from './log-view.tsx'
import { rowWindow } from './use-visible-rows.ts'

test.each([
  ['plain', 'plain'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['10%\r50%\r100%', '100%'],
  ['done\r', 'done'],
  ['a\tb', 'a    b'],
  ['\u001b]0;title\u0007text', 'text'],
])('%j is seen as %j', (line, seen) => {
  expect(withoutControl(line)).toBe(seen)
})

test('lines are found whatever their case; nothing finds nothing', () => {
  expect(findLines(['Error', 'fine', 'an error'], 'ERROR')).toEqual([0, 2])
  expect(findLines(['a'], '')).toEqual([])
})

test('of many rows the window has those on the screen and a few more, the rest is room', () => {
  const { first, end, before, after } = rowWindow(5000, 34, { top: 34_000, height: 680 })
  expect(first).toBeLessThanOrEqual(1000)
  expect(end - first).toBeLessThan(50)
  expect(before + (end - first) * 34 + after).toBe(5000 * 34)
})

test('a window beyond the end of a shrunken list still has its last row', () => {
  const { first, end } = rowWindow(3, 34, { top: 90_000, height: 680 })
  expect(first).toBe(2)
  expect(end).toBe(3)
})
