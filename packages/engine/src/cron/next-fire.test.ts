import { expect, test } from 'vitest'
import { formatTime, parseTime } from '../spec/time.ts'
import { fires, malformed } from './fires.table.ts'
import { nextFire } from './next-fire.ts'
import { parseSchedule, type Schedule } from './schedule.ts'

function scheduleOf(text: string): Schedule {
  const parsed = parseSchedule(text)
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.schedule
}

function following(text: string, from: string, count: number): readonly string[] {
  const schedule = scheduleOf(text)
  const times: string[] = []
  let at: number | undefined = parseTime(from) ?? Number.NaN
  for (let i = 0; i < count && at !== undefined; i++) {
    at = nextFire(schedule, at, 0)
    times.push(at === undefined ? 'never' : formatTime(at))
  }
  return times
}

test.each(fires)('%s after %s', (schedule, from, next) => {
  expect(following(schedule, from, next.length)).toEqual(next)
})

test.each(malformed)('%j is no schedule', (schedule, error) => {
  expect(parseSchedule(schedule)).toEqual({ error })
})

test('@every is counted from its anchor, in whole seconds of one at least', () => {
  const anchor = 10_500
  const next = (text: string, after: number) => nextFire(scheduleOf(text), after, anchor)
  expect(next('@every 90s', 0)).toBe(100_000)
  expect(next('@every 90s', 100_000)).toBe(190_000)
  expect(next('@every 90s', 100_001)).toBe(190_000)
  expect(next('@every 500ms', anchor)).toBe(11_000)
  expect(next('@every 1.9s', anchor)).toBe(11_000)
  expect(next('@every -1h', anchor)).toBe(11_000)
})

test('a day that a zone has left out does not hang the search', () => {
  const from = '2011-12-29T00:00:00-10:00'
  expect(following('CRON_TZ=Pacific/Apia 0 0 1 * *', from, 1)).toEqual(['2011-12-31T10:00:00Z'])
})

test('a time zone without a schedule is told', () => {
  expect(parseSchedule('CRON_TZ=Asia/Tokyo')).toEqual({
    error: 'expected a schedule after the time zone: CRON_TZ=Asia/Tokyo',
  })
})
