import { expect, test } from 'vitest'
import { randomHex, randomUuid } from './random-id.ts'

test('a UUID is one of version 4, and no two are the same', () => {
  const all = Array.from({ length: 5000 }, randomUuid)
  expect(new Set(all).size).toBe(all.length)
  for (const one of all) {
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('a name has as many bytes as are asked for, and no two are the same', () => {
  const all = Array.from({ length: 5000 }, () => randomHex(8))
  expect(new Set(all).size).toBe(all.length)
  expect(all.every((one) => /^[0-9a-f]{16}$/.test(one))).toBe(true)
  expect(randomHex(512)).toHaveLength(1024)
})

test('every bit of a name is sometimes set, and sometimes not', () => {
  const counts = new Array(64).fill(0)
  for (let at = 0; at < 2000; at++) {
    const bits = BigInt(`0x${randomHex(8)}`)
    for (let bit = 0; bit < 64; bit++) if ((bits >> BigInt(bit)) & 1n) counts[bit]++
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200)
})
