import { expect, test } from 'vitest'
import { RateLimit } from './rate-limit.ts'

test('each address has so many in a second, and as many in the next', () => {
  const limit = new RateLimit(2)
  const taken = (address: string, now: number) => limit.take(address, now)
  expect([1000, 1100, 1999].map((now) => taken('a', now))).toEqual([true, true, false])
  expect(taken('b', 1999)).toBe(true)
  expect([2000, 2000, 2000].map((now) => taken('a', now))).toEqual([true, true, false])
})

test('a clock that goes back begins a new second', () => {
  const limit = new RateLimit(1)
  expect([5000, 5000, 4000, 4000].map((now) => limit.take('a', now))).toEqual([
    true,
    false,
    true,
    false,
  ])
})
