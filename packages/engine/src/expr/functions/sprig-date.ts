import { formatDuration, GoDuration, parseDuration } from '../../spec/duration.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { formatLayout } from '../go-time/format-layout.ts'
import { floorSeconds, GoTime, timeFromMs } from '../go-time/go-time.ts'
import { parseLayout } from '../go-time/parse-layout.ts'
import { loadZone, utc } from '../go-time/zone.ts'
import { castInt } from './cast.ts'
import type { Impure } from './impure.ts'

const zeroTime = new GoTime(-62_135_596_800_000_000_000n, utc)

/** Sprig's functions about times; what depends on the clock needs `impure`. */
export function dateFunctions(impure: Impure | undefined): Readonly<Record<string, GoFunction>> {
  const now = (name: string) =>
    impure ? timeFromMs(impure.now()) : panic(`${name} is not available here`)
  const timeOf = (value: unknown, name: string): GoTime => {
    if (value instanceof GoTime) return value
    return typeof value === 'bigint' ? new GoTime(value * 1_000_000_000n) : now(name)
  }
  const inZone = (layout: string, date: unknown, zone: string) =>
    formatLayout(new GoTime(timeOf(date, 'dateInZone').ns, loadZone(zone) ?? utc), layout)
  const dateInZone = goFunction('string, any, string -> string', inZone)
  const dateModify = goFunction('string, time -> time', (text: string, date: GoTime) => {
    const parsed = parseDuration(text)
    return 'error' in parsed ? date : new GoTime(date.ns + parsed.ns, date.zone)
  })
  const mustDateModify = goFunction('string, time -> time', (text: string, date: GoTime) => {
    const parsed = parseDuration(text)
    return 'error' in parsed ? panic(parsed.error) : new GoTime(date.ns + parsed.ns, date.zone)
  })
  return {
    now: goFunction('-> time', () => now('now')),
    ago: goFunction('any -> string', (date: unknown) => {
      const since = now('ago').ns - timeOf(date, 'ago').ns
      return formatDuration(BigInt(Math.round(Number(since) / 1e9)) * 1_000_000_000n)
    }),
    date: goFunction('string, any -> string', (layout: string, date: unknown) =>
      inZone(layout, date, 'Local'),
    ),
    dateInZone,
    date_in_zone: dateInZone,
    htmlDate: goFunction('any -> string', (date: unknown) => inZone('2006-01-02', date, 'Local')),
    htmlDateInZone: goFunction('any, string -> string', (date: unknown, zone: string) =>
      inZone('2006-01-02', date, zone),
    ),
    dateModify,
    date_modify: dateModify,
    mustDateModify,
    must_date_modify: mustDateModify,
    duration: goFunction('any -> string', (seconds: unknown) =>
      formatDuration(wholeSeconds(seconds) * 1_000_000_000n),
    ),
    durationRound: goFunction('any -> string', (value: unknown) =>
      roundDuration(
        value instanceof GoTime ? now('durationRound').ns - value.ns : nanoseconds(value),
      ),
    ),
    toDate: goFunction('string, string -> time', (layout: string, text: string) => {
      const time = parseLayout(layout, text)
      return time instanceof GoTime ? time : zeroTime
    }),
    mustToDate: goFunction('string, string -> time', (layout: string, text: string) => {
      const time = parseLayout(layout, text)
      return time instanceof GoTime ? time : panic(time.error)
    }),
    unixEpoch: goFunction('time -> string', (date: GoTime) => String(floorSeconds(date.ns))),
  }
}

// Go's int is no int64, and only that one counts; expressions make ints, so they give 0.
function wholeSeconds(value: unknown): bigint {
  return typeof value === 'string' && /^[+-]?\d+$/.test(value)
    ? castInt(value.replace(/^([+-]?)0+(?=\d)/, '$1'))
    : 0n
}

function nanoseconds(value: unknown): bigint {
  if (value instanceof GoDuration) return 0n
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined
  return parsed && !('error' in parsed) ? parsed.ns : 0n
}

const sizes = [
  ['y', 31_536_000n],
  ['mo', 2_592_000n],
  ['d', 86_400n],
  ['h', 3_600n],
  ['m', 60n],
  ['s', 1n],
] as const

function roundDuration(ns: bigint): string {
  const size = ns < 0n ? -ns : ns
  const unit = sizes.find(([, seconds]) => size > seconds * 1_000_000_000n)
  return unit ? `${size / (unit[1] * 1_000_000_000n)}${unit[0]}` : '0s'
}
