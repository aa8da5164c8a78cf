import { expect, test } from 'vitest'
import { parseSchedule } from './schedule.ts'

test.each(['constructor', '__proto__', 'monday'])('%s is no day of the week', (day) => {
  expect(parseSchedule(`0 9 * * ${day}`)).toEqual({
    error: `failed to parse int from ${day}: strconv.Atoi: parsing "${day}": invalid syntax`,
  })
})

test.each(['mon', 'MON', '1'])('%s is one', (day) => {
  expect(parseSchedule(`0 9 * * ${day}`)).toMatchObject({
    schedule: { dayOfWeek: { values: new Set([1]), star: false } },
  })
})
