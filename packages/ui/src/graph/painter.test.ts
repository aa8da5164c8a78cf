import { expect, test } from 'vitest'
import { around, covers, seen } from './painter.ts'

const layout = { placed: [], width: 10_000, height: 4000 }
const size = { width: 1000, height: 500 }
const at = (x: number, y: number, scale = 1) =>
  seen({ view: { x: -x * scale, y: -y * scale, scale }, size })

test('what is kept reaches half a screen further, and covers moves within that', () => {
  const region = around(at(3000, 1000), layout)
  expect(region).toEqual({ left: 2500, top: 750, width: 2000, height: 1000 })
  expect(covers(region, at(3400, 900), layout)).toBe(true)
  expect(covers(region, at(3600, 1000), layout)).toBe(false)
  expect(covers(region, at(3000, 1300), layout)).toBe(false)
})

test('nothing is kept of what is beyond the picture, and nothing of it is missed', () => {
  const region = around(at(-200, 3800), layout)
  expect(region).toEqual({ left: -64, top: 3550, width: 1364, height: 514 })
  expect(covers(region, at(-600, 3900), layout)).toBe(true)
})

test('a picture that is whole on the screen is kept whole, wherever it is moved to', () => {
  const region = around(at(0, 0, 0.1), layout)
  expect(region).toEqual({ left: -64, top: -64, width: 10_128, height: 4128 })
  expect(covers(region, at(-4000, 2500, 0.1), layout)).toBe(true)
  expect(covers(region, at(-4000, 2500, 0.05), layout)).toBe(true)
})
