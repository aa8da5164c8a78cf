import { type Civil, civilOf, GoTime, timeInZone } from '../expr/go-time/go-time.ts'
import type { Zone } from '../expr/go-time/zone.ts'
import { daysFromCivil } from '../spec/time.ts'
import type { CalendarSchedule, Schedule } from './schedule.ts'

/**
 * The first time after `after` at which the schedule is due, in milliseconds; undefined when there is none within five
 * years. Across changes of the clock it gives what robfig/cron v3 gives.
 * `anchor` is where the pauses of `@every` are counted from.
 */
export function nextFire(schedule: Schedule, after: number, anchor: number): number | undefined {
  if ('everySeconds' in schedule) {
    const pause = schedule.everySeconds * 1000
    const start = Math.floor(anchor / 1000) * 1000
    const passed = Math.max(0, Math.floor((after - start) / pause))
    return start + (passed + 1) * pause
  }
  const walk = new Walk(schedule, Math.floor(after / 1000) + 1)
  return walk.find()
}

/** One search, that goes forward only. argo's library: SpecSchedule.Next. */
class Walk {
  readonly #schedule: CalendarSchedule
  readonly #zone: Zone
  #seconds: number
  /** Something was moved: what is smaller counts from its beginning. */
  #moved = false

  constructor(schedule: CalendarSchedule, seconds: number) {
    this.#schedule = schedule
    this.#zone = schedule.zone
    this.#seconds = seconds
  }

  find(): number | undefined {
    if (isNever(this.#schedule)) return undefined
    const lastYear = this.#civil.year + 5
    // Once for each time that a larger part of the date has turned over.
    for (let turns = 0; turns < 3000 && this.#civil.year <= lastYear; turns++) {
      if (this.#month() && this.#day() && this.#hour() && this.#minute() && this.#second()) {
        return this.#seconds * 1000
      }
    }
    return undefined
  }

  get #civil(): Civil {
    return civilOf(this.#time)
  }

  get #time(): GoTime {
    return new GoTime(BigInt(this.#seconds) * 1_000_000_000n, this.#zone)
  }

  /** Each is false when what is above it has turned over, and must be looked at again. */
  #month(): boolean {
    while (!this.#schedule.month.values.has(this.#civil.month)) {
      this.#begin(({ year, month }) => this.#goTo(year, month, 1, 0))
      const civil = this.#civil
      this.#goTo(civil.year, civil.month + 1, civil.day, ofDay(civil))
      if (this.#civil.month === 1) return false
    }
    return true
  }

  #day(): boolean {
    while (!this.#isDay(this.#civil)) {
      this.#begin(({ year, month, day }) => this.#goTo(year, month, day, 0))
      const before = this.#seconds
      const civil = this.#civil
      this.#goTo(civil.year, civil.month, civil.day + 1, ofDay(civil))
      this.#toMidnight()
      // A day that a zone has left out: the library turns here for ever.
      if (this.#seconds <= before) this.#seconds = before + 86_400
      if (this.#civil.day === 1) return false
    }
    return true
  }

  /** The first move goes to the beginning of what it moves by. */
  #begin(toBeginning: (civil: Civil) => void): void {
    if (!this.#moved) toBeginning(this.#civil)
    this.#moved = true
  }

  /** Where midnight does not exist, or comes twice. */
  #toMidnight(): void {
    const { hour } = this.#civil
    if (hour > 12) this.#seconds += (24 - hour) * 3600
    else this.#seconds -= hour * 3600
  }

  #isDay({ day, weekday }: Civil): boolean {
    const { dayOfMonth, dayOfWeek } = this.#schedule
    const inMonth = dayOfMonth.values.has(day)
    const inWeek = dayOfWeek.values.has(weekday)
    return dayOfMonth.star || dayOfWeek.star ? inMonth && inWeek : inMonth || inWeek
  }

  #hour(): boolean {
    while (!this.#schedule.hour.values.has(this.#civil.hour)) {
      this.#begin(({ year, month, day, hour }) => this.#goTo(year, month, day, hour * 3600))
      this.#seconds += 3600
      if (this.#civil.hour === 0) return false
    }
    return true
  }

  #minute(): boolean {
    while (!this.#schedule.minute.values.has(this.#civil.minute)) {
      this.#begin(() => {
        this.#seconds -= this.#seconds % 60
      })
      this.#seconds += 60
      if (this.#civil.minute === 0) return false
    }
    return true
  }

  /** Schedules are due at second 0. */
  #second(): boolean {
    const { second } = this.#civil
    if (second === 0) return true
    this.#moved = true
    this.#seconds += 60 - second
    return false
  }

  // Go's time.Date, in which a month 13 or a day 32 is one of the next year or month.
  #goTo(year: number, month: number, day: number, seconds: number): void {
    const overflow = Math.floor((month - 1) / 12)
    const days = daysFromCivil(year + overflow, month - overflow * 12, 1) + day - 1
    const time = timeInZone(days * 86_400 + seconds, 0, this.#zone)
    this.#seconds = Number(time.ns / 1_000_000_000n)
  }
}

// A field may be nothing but commas.
function isNever({ minute, hour, month }: CalendarSchedule): boolean {
  return [minute, hour, month].some(({ values }) => values.size === 0)
}

function ofDay({ hour, minute, second }: Civil): number {
  return hour * 3600 + minute * 60 + second
}
