import { describe, expect, test } from 'vitest'
import { layOut } from './layout.ts'
import { fit, nearby, neighbour, reveal, strideOf, visible, zoom } from './viewport.ts'

const size = { width: 800, height: 600 }
const many = Array.from({ length: 10_000 }, (_, index) => `n${index}`)

test('of ten thousand boxes only those on the screen are seen', () => {
  const { placed } = layOut(many, [])
  const seen = visible(placed, { x: 0, y: -44_000, scale: 1 }, size)
  expect(seen.length).toBeGreaterThan(10)
  expect(seen.length).toBeLessThan(20)
  expect(seen[0]?.id).toBe('n1000')
})

test('who moves about has every box that is seen, and the same ones for a little way', () => {
  const { placed } = layOut(many, [])
  const sets = new Set<readonly unknown[]>()
  let known: { readonly key: string; readonly near: readonly unknown[] } | undefined
  for (let step = 0; step < 200; step++) {
    const view = { x: 30 - step * 7, y: -20_000 - step * 11, scale: 0.8 }
    const from = strideOf(view)
    const key = JSON.stringify(from)
    if (known?.key !== key) known = { key, near: nearby(placed, from, size) }
    const { near } = known
    sets.add(near)
    expect(visible(placed, view, size).filter((one) => !near.includes(one))).toEqual([])
  }
  expect(sets.size).toBeLessThan(30)
})

test('the point under the pointer stays where it is', () => {
  const before = { x: 10, y: 20, scale: 1 }
  const after = zoom(before, 1.5, { x: 100, y: 200 })
  expect((100 - after.x) / after.scale).toBeCloseTo((100 - before.x) / before.scale)
  expect((200 - after.y) / after.scale).toBeCloseTo((200 - before.y) / before.scale)
})

test('a small graph is not made larger than life', () => {
  expect(fit(layOut(['a'], []), size).scale).toBe(1)
})

test('a box off the screen is brought on it, one that is on it moves nothing', () => {
  const { placed } = layOut(many, [])
  const view = { x: 24, y: 24, scale: 1 }
  const moved = reveal(view, placed[500] ?? never(), size)
  expect(visible(placed, moved, size).some(({ id }) => id === 'n500')).toBe(true)
  expect(reveal(view, placed[2] ?? never(), size)).toEqual(view)
})

describe('by the arrow keys', () => {
  const { placed } = layOut(
    ['a', 'b', 'c'],
    [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
    ],
  )
  const [a = never(), b = never(), c = never()] = placed

  test('right and left go along the lines, up and down within a layer', () => {
    expect(neighbour(placed, a, 'right')).toBe(b)
    expect(neighbour(placed, b, 'down')).toBe(c)
    expect(neighbour(placed, c, 'up')).toBe(b)
    expect(neighbour(placed, c, 'left')).toBe(a)
  })

  test('at an end there is nobody', () => {
    expect(neighbour(placed, a, 'left')).toBeUndefined()
    expect(neighbour(placed, c, 'down')).toBeUndefined()
  })
})

function never(): never {
  throw new Error('the layout lost a box')
}
