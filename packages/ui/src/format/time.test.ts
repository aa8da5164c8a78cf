import { expect, test } from 'vitest'
import { formatDuration, lasted, relativeTime } from './time.ts'

test.each([
  [0, '0s'],
  [999, '0s'],
  [59_000, '59s'],
  [60_000, '1m'],
  [3_725_000, '1h 2m'],
  [3_605_000, '1h'],
  [90_061_000, '1d 1h'],
  [-5, '0s'],
  [Number.NaN, '–'],
])('%d ms are %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})

const now = Date.parse('2026-01-01T12:00:00Z')

test.each([
  ['2026-01-01T11:55:00Z', '5m ago'],
  ['2026-01-01T11:59:58Z', 'just now'],
  ['2026-01-03T12:00:00Z', 'in 2d'],
  [undefined, '–'],
  ['never', '–'],
])('%s is %s', (time, words) => {
  expect(relativeTime(time, now)).toBe(words)
})

test('what goes on lasts until now, what has not started lasts nothing', () => {
  expect(lasted('2026-01-01T11:00:00Z', undefined, now)).toBe('1h')
  expect(lasted('2026-01-01T11:00:00Z', '2026-01-01T11:00:30Z', now)).toBe('30s')
  expect(lasted(undefined, undefined, now)).toBe('–')
})
