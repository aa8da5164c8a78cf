import { expect, test } from 'vitest'
import { moveTo } from './virtual-table.tsx'

test('arrows and their letters go from row to row, and stop at the ends', () => {
  expect([moveTo('ArrowDown', 3, 9), moveTo('j', 3, 9)]).toEqual([4, 4])
  expect([moveTo('ArrowUp', 3, 9), moveTo('k', 3, 9)]).toEqual([2, 2])
  expect([moveTo('ArrowDown', 8, 9), moveTo('PageUp', 3, 9), moveTo('PageDown', 3, 9)]).toEqual([
    8, 0, 8,
  ])
  expect([moveTo('Home', 3, 9), moveTo('End', 3, 9)]).toEqual([0, 8])
})

test('other keys lead nowhere, and no rows have no way', () => {
  expect(moveTo('x', 3, 9)).toBeUndefined()
  expect(moveTo('End', 0, 0)).toBe(0)
})
