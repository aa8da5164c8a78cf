import { describe, expect, it } from 'vitest'
import { longDuration, shortDuration, sinceMs, timestamp } from './humanize.ts'

const at = (ms: number) => new Date(ms).toISOString()

describe('how long something took', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [1000, '1s'],
    [59_000, '59s'],
    [60_000, '1m'],
    [119_000, '1m'],
    [3_600_000, '1h'],
    [90 * 60_000, '1h'],
    [26 * 3_600_000, '1d'],
    [40 * 86_400_000, '40d'],
  ])('%i ms in a table is %s', (ms, text) => {
    expect(shortDuration(at(0), at(ms), 0)).toBe(text)
    expect(shortDuration(at(0), undefined, ms)).toBe(text)
  })

  it('what never began took no time', () => {
    expect(shortDuration(undefined, undefined, 1e12)).toBe('0s')
  })

  it.each([
    [0, '0 seconds'],
    [1000, '1 second'],
    [12_000, '12 seconds'],
    [60_000, '1 minute 0 seconds'],
    [192_000, '3 minutes 12 seconds'],
    [3_600_000, '1 hour 0 minutes'],
    [2 * 3_600_000, '2 hours 0 minutes'],
    [86_400_000, '1 day 0 hours'],
    [9 * 86_400_000, '1 week 0 hours'],
  ])('%i ms in a text is %s', (ms, text) => expect(longDuration(ms)).toBe(text))
})

it('a time is said with its zone and how long ago it was', () => {
  const noon = Date.UTC(2026, 0, 2, 12)
  expect(timestamp(noon, noon)).toMatch(/^\w{3} Jan 0\d [\d:]{8} [+-]\d{4} \(now\)$/)
  expect(timestamp(noon, noon + 90_000)).toMatch(/\(1 minute ago\)$/)
  expect(timestamp(noon + 7_200_000, noon)).toMatch(/\(2 hours from now\)$/)
})

it('reads times as upstream does', () => {
  expect([sinceMs('30s'), sinceMs('10m'), sinceMs('3h'), sinceMs('1d')]).toEqual([
    30_000, 600_000, 10_800_000, 86_400_000,
  ])
  expect([sinceMs(''), sinceMs('1w'), sinceMs('1h30m')]).toEqual([undefined, undefined, undefined])
})
