import { formatDuration, GoDuration } from '../../spec/duration.ts'
import { civilFromDays, daysFromCivil } from '../../spec/time.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { truncated } from '../go-math.ts'
import { formatLayout } from '../go-time/format-layout.ts'
import { GoEnum } from '../go-time/go-enum.ts'
import {
  between,
  type Civil,
  civilOf,
  floorSeconds,
  GoTime,
  timeInZone,
} from '../go-time/go-time.ts'
import { dayNames, monthNames, stringLayout } from '../go-time/layout.ts'
import { GoLocation, loadZone, utc } from '../go-time/zone.ts'

/** A method of a time or a duration, bound to it. */
export function methodOf(value: unknown, name: string): GoFunction | undefined {
  if (value instanceof GoTime)
    return Object.hasOwn(ofTime, name) ? ofTime[name]?.(value) : undefined
  if (value instanceof GoDuration)
    return Object.hasOwn(ofDuration, name) ? ofDuration[name]?.(value) : undefined
  return undefined
}

const shown = (read: (civil: Civil) => number) => (time: GoTime) =>
  goFunction('-> int', () => BigInt(read(civilOf(time))))

const ofTime: Readonly<Record<string, (time: GoTime) => GoFunction>> = {
  Year: shown((c) => c.year),
  Month: (t) => goFunction('-> month', () => month(civilOf(t).month)),
  Day: shown((c) => c.day),
  Hour: shown((c) => c.hour),
  Minute: shown((c) => c.minute),
  Second: shown((c) => c.second),
  Nanosecond: shown((c) => c.nanosecond),
  Weekday: (t) => goFunction('-> weekday', () => weekday(civilOf(t).weekday)),
  ISOWeek: (t) => goFunction('-> int', () => BigInt(isoYear(civilOf(t)))),
  Zone: (t) => goFunction('-> string', () => civilOf(t).abbreviation),
  YearDay: shown((c) => c.yearDay),
  Unix: (t) => goFunction('-> int', () => BigInt(floorSeconds(t.ns))),
  UnixMilli: (t) => goFunction('-> int', () => t.ns / 1_000_000n),
  UnixMicro: (t) => goFunction('-> int', () => t.ns / 1_000n),
  UnixNano: (t) => goFunction('-> int', () => t.ns),
  String: (t) => goFunction('-> string', () => formatLayout(t, stringLayout)),
  Format: (t) => goFunction('string -> string', (layout: string) => formatLayout(t, layout)),
  Local: (t) => goFunction('-> time', () => new GoTime(t.ns, loadZone('Local'))),
  UTC: (t) => goFunction('-> time', () => new GoTime(t.ns, utc)),
  In: (t) => goFunction('any -> time', (to: GoLocation) => new GoTime(t.ns, to.zone)),
  Location: (t) => goFunction('-> any', () => new GoLocation(t.zone)),
  Add: (t) => goFunction('duration -> time', (d: GoDuration) => new GoTime(t.ns + d.ns, t.zone)),
  AddDate: (t) =>
    goFunction('int, int, int -> time', (y: bigint, m: bigint, d: bigint) => addDate(t, y, m, d)),
  Sub: (t) => goFunction('time -> duration', (u: GoTime) => between(t, u)),
  Before: (t) => goFunction('time -> bool', (u: GoTime) => t.ns < u.ns),
  After: (t) => goFunction('time -> bool', (u: GoTime) => t.ns > u.ns),
  Equal: (t) => goFunction('time -> bool', (u: GoTime) => t.ns === u.ns),
  Compare: (t) =>
    goFunction('time -> int', (u: GoTime) => (t.ns < u.ns ? -1n : t.ns > u.ns ? 1n : 0n)),
  IsZero: (t) => goFunction('-> bool', () => t.ns === -62_135_596_800_000_000_000n),
  Round: (t) =>
    goFunction('duration -> time', (d: GoDuration) => new GoTime(roundTime(t, d), t.zone)),
  Truncate: (t) =>
    goFunction('duration -> time', (d: GoDuration) => new GoTime(t.ns - remainder(t, d), t.zone)),
}

// The year of the ISO week is that of its Thursday; of Go's two results expressions see only it.
function isoYear({ year, month, day, weekday }: Civil): number {
  return civilFromDays(daysFromCivil(year, month, day) + 3 - ((weekday + 6) % 7)).year
}

function month(value: number): GoEnum {
  return new GoEnum('time.Month', value, monthNames[value - 1] ?? '')
}

function weekday(value: number): GoEnum {
  return new GoEnum('time.Weekday', value, dayNames[value] ?? '')
}

// Days beyond the end of a month run over into the next one.
function addDate(time: GoTime, years: bigint, months: bigint, days: bigint): GoTime {
  const civil = civilOf(time)
  const month = civil.month - 1 + Number(months)
  const year = civil.year + Number(years) + Math.floor(month / 12)
  const day = daysFromCivil(year, (((month % 12) + 12) % 12) + 1, 1) + civil.day - 1 + Number(days)
  const seconds = day * 86_400 + civil.hour * 3600 + civil.minute * 60 + civil.second
  return timeInZone(seconds, civil.nanosecond, time.zone)
}

function roundTime(time: GoTime, unit: GoDuration): bigint {
  const rest = remainder(time, unit)
  return rest + rest < unit.ns ? time.ns - rest : time.ns + (unit.ns <= 0n ? 0n : unit.ns - rest)
}

function remainder(time: GoTime, { ns }: GoDuration): bigint {
  if (ns <= 0n) return 0n
  // Go counts from the year 1.
  const since = time.ns + 62_135_596_800_000_000_000n
  return ((since % ns) + ns) % ns
}

// Whole units and the rest are divided by themselves, as in Go: the last digit depends on it.
function parts({ ns }: GoDuration, unit: bigint): number {
  return Number(ns / unit) + Number(ns % unit) / Number(unit)
}

function clamped(ns: bigint): bigint {
  return ns >= 1n << 63n ? (1n << 63n) - 1n : ns
}

const ofDuration: Readonly<Record<string, (duration: GoDuration) => GoFunction>> = {
  Hours: (d) => goFunction('-> float64', () => parts(d, 3_600_000_000_000n)),
  Minutes: (d) => goFunction('-> float64', () => parts(d, 60_000_000_000n)),
  Seconds: (d) => goFunction('-> float64', () => parts(d, 1_000_000_000n)),
  Milliseconds: (d) => goFunction('-> int', () => d.ns / 1_000_000n),
  Microseconds: (d) => goFunction('-> int', () => d.ns / 1_000n),
  Nanoseconds: (d) => goFunction('-> int', () => d.ns),
  String: (d) => goFunction('-> string', () => formatDuration(d.ns)),
  Abs: (d) => goFunction('-> duration', () => new GoDuration(clamped(d.ns < 0n ? -d.ns : d.ns))),
  Truncate: (d) =>
    goFunction(
      'duration -> duration',
      (m: GoDuration) => new GoDuration(m.ns <= 0n ? d.ns : d.ns - (d.ns % m.ns)),
    ),
  Round: (d) =>
    goFunction(
      'duration -> duration',
      (m: GoDuration) =>
        new GoDuration(
          m.ns <= 0n ? d.ns : truncated(Math.round(Number(d.ns) / Number(m.ns))) * m.ns,
        ),
    ),
}
