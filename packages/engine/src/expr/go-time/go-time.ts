import { GoDuration } from '../../spec/duration.ts'
import { civilFromDays, daysFromCivil } from '../../spec/time.ts'
import { utc, type Zone } from './zone.ts'

/** A Go time.Time at run time: an instant and the zone it is shown in. */
export class GoTime {
  readonly ns: bigint
  readonly zone: Zone
  constructor(ns: bigint, zone: Zone = utc) {
    this.ns = ns
    this.zone = zone
  }
}

/** The duration from `b` to `a`; what does not fit is the longest one there is. */
export function between(a: GoTime, b: GoTime): GoDuration {
  const ns = a.ns - b.ns
  const fits = BigInt.asIntN(64, ns) === ns
  return new GoDuration(fits ? ns : ns < 0n ? -(1n << 63n) : (1n << 63n) - 1n)
}

/** What a clock and a calendar in the time's zone show. */
export interface Civil {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly yearDay: number
  readonly offset: number
  readonly abbreviation: string
}

const second = 1_000_000_000n

export function floorSeconds(ns: bigint): number {
  const whole = ns / second
  return Number(ns < 0n && ns % second !== 0n ? whole - 1n : whole)
}

export function civilOf(time: GoTime): Civil {
  const seconds = floorSeconds(time.ns)
  const shown = time.zone.at(seconds)
  const { offset } = shown
  const local = seconds + offset
  const days = Math.floor(local / 86_400)
  const date = civilFromDays(days)
  const ofDay = local - days * 86_400
  return {
    ...date,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
    nanosecond: Number(time.ns - BigInt(seconds) * second),
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysFromCivil(date.year, 1, 1) + 1,
    offset,
    // Names cost much more than offsets, and few ask for them.
    get abbreviation() {
      return shown.abbreviation
    },
  }
}

/** The instant at which the clocks of `zone` show these fields, chosen as Go's time.Date chooses in gaps. */
export function timeInZone(localSeconds: number, nanosecond: number, zone: Zone): GoTime {
  const guess = zone.at(localSeconds).offset
  const offset = zone.at(localSeconds - guess).offset
  const seconds = localSeconds - (guess === offset ? guess : offset)
  return new GoTime(BigInt(seconds) * second + BigInt(nanosecond), zone)
}

export function timeFromMs(ms: number, zone: Zone = utc): GoTime {
  return new GoTime(BigInt(Math.round(ms * 1000)) * 1000n, zone)
}
