import fc from 'fast-check'
import { expect, test } from 'vitest'
import { civilFromDays, daysFromCivil, formatTime, parseTime } from './time.ts'

test('whole seconds are written in UTC and read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), (seconds) => {
      expect(parseTime(formatTime(seconds * 1000))).toBe(seconds * 1000)
    }),
  )
  expect(formatTime(1_700_000_000_999)).toBe('2023-11-14T22:13:20Z')
})

test('offsets and fractions are understood, impossible days are not', () => {
  expect(parseTime('2024-02-29T10:00:00+01:00')).toBe(Date.UTC(2024, 1, 29, 9))
  expect(parseTime('2024-02-29T10:00:00.5Z')).toBe(Date.UTC(2024, 1, 29, 10, 0, 0, 500))
  expect(parseTime('2023-02-29T10:00:00Z')).toBeUndefined()
  expect(parseTime('2024-01-01')).toBeUndefined()
})

test('days and calendar dates are inverse', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (days) => {
      const { year, month, day } = civilFromDays(days)
      expect(daysFromCivil(year, month, day)).toBe(days)
    }),
  )
})
