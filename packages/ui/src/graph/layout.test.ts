import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { box, layOut } from './layout.ts'

const graph = fc
  .array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 80 })
  .map((pairs) => pairs.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })))
const ids = Array.from({ length: 31 }, (_, index) => `n${index}`)

describe('every layout', () => {
  test('has every box once, and no two boxes on each other', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const { placed } = layOut(ids, edges)
        expect(placed.map(({ id }) => id)).toEqual(ids)
        const pairs = placed.flatMap((a) =>
          placed.filter((b) => a !== b && a.layer === b.layer).map((b) => Math.abs(a.y - b.y)),
        )
        expect(pairs.every((distance) => distance >= box.height)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('is within its width and height', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const { placed, width, height } = layOut(ids, edges)
        for (const { x, y } of placed) {
          expect(x).toBeGreaterThanOrEqual(0)
          expect(y).toBeGreaterThanOrEqual(0)
          expect(x + box.width).toBeLessThanOrEqual(width)
          expect(y + box.height).toBeLessThanOrEqual(height + 1e-6)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('is the same for the same graph', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        expect(layOut(ids, edges)).toEqual(layOut(ids, edges))
      }),
      { numRuns: 20 },
    )
  })

  test('without circles has every line from left to right', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const forward = edges.filter(({ from, to }) => ids.indexOf(from) < ids.indexOf(to))
        const layers = new Map(layOut(ids, forward).placed.map(({ id, layer }) => [id, layer]))
        for (const { from, to } of forward) {
          expect(layers.get(to)).toBeGreaterThan(layers.get(from) ?? 0)
        }
      }),
      { numRuns: 60 },
    )
  })
})

test('a diamond is symmetric', () => {
  const { placed } = layOut(
    ['a', 'b', 'c', 'd'],
    [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
      { from: 'c', to: 'd' },
    ],
  )
  const [a, b, c, d] = placed
  expect([a?.layer, b?.layer, c?.layer, d?.layer]).toEqual([0, 1, 1, 2])
  expect(a?.y).toBe(d?.y)
  expect((b?.y ?? 0) + (c?.y ?? 0)).toBe(2 * (a?.y ?? 0))
})

test('nothing has no size', () => {
  expect(layOut([], [])).toEqual({ placed: [], width: 0, height: 0 })
})
