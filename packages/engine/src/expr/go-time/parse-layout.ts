import { quoteBytes } from '../../spec/duration.ts'
import { daysFromCivil, daysIn, isLeap } from '../../spec/time.ts'
import { type GoTime, timeInZone } from './go-time.ts'
import { type Chunk, chunks, dayNames, monthNames } from './layout.ts'
import { fixedZone, utc, type Zone } from './zone.ts'

interface Reading {
  rest: string
  year: number
  month: number
  day: number
  yearDay: number
  hour: number
  minute: number
  second: number
  nanosecond: number
  half: '' | 'AM' | 'PM'
  offset: number | undefined
  abbreviation: string
  isUtc: boolean
  outOfRange: string
}

/** Go's time.ParseInLocation (time.Parse without a zone); the error is Go's text. */
export function parseLayout(layout: string, text: string, zone?: Zone): GoTime | { error: string } {
  const reading: Reading = {
    rest: text,
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    half: '',
    offset: undefined,
    abbreviation: '',
    isUtc: false,
    outOfRange: '',
  }
  const problem = readAll(reading, layout) ?? finish(reading)
  if (problem !== undefined) return { error: `parsing time ${quoteBytes(text)}${problem}` }
  return instantOf(reading, zone ?? utc)
}

/** Reads the whole text by the layout; the end of the error's text when it does not fit. */
function readAll(reading: Reading, layout: string): string | undefined {
  const pieces = chunks(layout)
  const bad = (element: string, value: string) =>
    ` as ${quoteBytes(layout)}: cannot parse ${quoteBytes(value)} as ${quoteBytes(element)}`
  for (const [index, chunk] of pieces.entries()) {
    const rest = skipLiteral(reading.rest, chunk.literal)
    if (rest.missing !== undefined) return bad(rest.missing, rest.at)
    reading.rest = rest.at
    if (chunk.element === '') continue
    if (!read(reading, chunk, pieces[index + 1])) return bad(chunk.element, rest.at)
    if (reading.outOfRange !== '') return `: ${reading.outOfRange} out of range`
  }
  return reading.rest === '' ? undefined : `: extra text: ${quoteBytes(reading.rest)}`
}

// A space in the layout matches any run of spaces, as in Go.
function skipLiteral(text: string, literal: string): { at: string; missing?: string } {
  let at = text
  for (const part of literal.match(/ +|[^ ]/gs) ?? []) {
    const isSpace = part[0] === ' '
    const fits = isSpace ? at === '' || at[0] === ' ' : at.startsWith(part)
    if (!fits) return { at, missing: literal }
    at = isSpace ? at.replace(/^ +/, '') : at.slice(part.length)
  }
  return { at }
}

type Reader = (r: Reading, next: Chunk | undefined) => boolean

function digits(r: Reading, pattern: RegExp): number | undefined {
  const match = pattern.exec(r.rest)
  if (!match) return undefined
  r.rest = r.rest.slice(match[0].length)
  return Number(match[0])
}

const two = /^\d\d/
const oneOrTwo = /^\d\d?/

function number(
  pattern: RegExp,
  range: readonly [number, number, string],
  put: (r: Reading, n: number) => void,
): Reader {
  return (r) => {
    const value = digits(r, pattern)
    if (value === undefined) return false
    if (value < range[0] || value > range[1]) r.outOfRange = range[2]
    put(r, value)
    return true
  }
}

function name(names: readonly string[], put: (r: Reading, index: number) => void): Reader {
  return (r) => {
    const lower = r.rest.toLowerCase()
    const index = names.findIndex((n) => lower.startsWith(n.toLowerCase()))
    if (index < 0) return false
    r.rest = r.rest.slice(names[index]?.length ?? 0)
    put(r, index)
    return true
  }
}

const short = (names: readonly string[]) => names.map((n) => n.slice(0, 3))
const ignore = () => undefined
const setMonth = (r: Reading, n: number) => {
  r.month = n
}
const setDay = (r: Reading, n: number) => {
  r.day = n
}
const setHour = (r: Reading, n: number) => {
  r.hour = n
}
const setMinute = (r: Reading, n: number) => {
  r.minute = n
}
const any: readonly [number, number, string] = [0, 9999, '']
const months: readonly [number, number, string] = [1, 12, 'month']
const hours12: readonly [number, number, string] = [0, 12, 'hour']
const minutes: readonly [number, number, string] = [0, 59, 'minute']

function spaced(reader: Reader): Reader {
  return (r, next) => {
    if (r.rest[0] === ' ') r.rest = r.rest.slice(1)
    return reader(r, next)
  }
}

function seconds(pattern: RegExp): Reader {
  return (r, next) => {
    const value = digits(r, pattern)
    if (value === undefined) return false
    if (value > 59) r.outOfRange = 'second'
    r.second = value
    const fractionFollows = next?.literal === '' && /^[.,]/.test(next.element)
    return fractionFollows || readFraction(r, /^[.,](\d+)/) || true
  }
}

function readFraction(r: Reading, pattern: RegExp): boolean {
  const match = pattern.exec(r.rest)
  if (!match) return false
  r.rest = r.rest.slice(match[0].length)
  r.nanosecond = Number((match[1] ?? '').slice(0, 9).padEnd(9, '0'))
  return true
}

function half(upper: 'AM' | 'am'): Reader {
  return (r) => {
    const value = r.rest.slice(0, 2)
    if (value !== upper && value !== (upper === 'AM' ? 'PM' : 'pm')) return false
    r.half = value.toUpperCase() as 'AM' | 'PM'
    r.rest = r.rest.slice(2)
    return true
  }
}

const readers: Readonly<Record<string, Reader>> = {
  '2006': number(/^\d{4}/, any, (r, n) => {
    r.year = n
  }),
  '06': number(two, any, (r, n) => {
    r.year = n >= 69 ? n + 1900 : n + 2000
  }),
  January: name(monthNames, (r, i) => setMonth(r, i + 1)),
  Jan: name(short(monthNames), (r, i) => setMonth(r, i + 1)),
  '01': number(two, months, setMonth),
  '1': number(oneOrTwo, months, setMonth),
  Monday: name(dayNames, ignore),
  Mon: name(short(dayNames), ignore),
  '02': number(two, any, setDay),
  _2: spaced(number(oneOrTwo, any, setDay)),
  '2': number(oneOrTwo, any, setDay),
  '002': number(/^\d{3}/, any, (r, n) => {
    r.yearDay = n
  }),
  __2: spaced(
    spaced(
      number(/^\d{1,3}/, any, (r, n) => {
        r.yearDay = n
      }),
    ),
  ),
  '15': number(oneOrTwo, [0, 23, 'hour'], setHour),
  '03': number(two, hours12, setHour),
  '3': number(oneOrTwo, hours12, setHour),
  '04': number(two, minutes, setMinute),
  '4': number(oneOrTwo, minutes, setMinute),
  '05': seconds(two),
  '5': seconds(oneOrTwo),
  PM: half('AM'),
  pm: half('am'),
  MST: (r) => {
    const match =
      /^(?:UTC|GMT[+-]\d\d?|ChST|MeST|WITA|[A-Z]{4}T|[A-Z]{3}T|[A-Z]{3})(?![A-Z])|^[+-]\d\d(?!\d)/.exec(
        r.rest,
      )
    if (!match) return false
    r.rest = r.rest.slice(match[0].length)
    r.isUtc = match[0] === 'UTC'
    r.abbreviation = match[0]
    return true
  },
}

function read(r: Reading, { element }: Chunk, next: Chunk | undefined): boolean {
  const reader = Object.hasOwn(readers, element) ? readers[element] : undefined
  if (reader) return reader(r, next)
  if (element[0] === 'Z' && r.rest[0] === 'Z') {
    r.rest = r.rest.slice(1)
    r.isUtc = true
    return true
  }
  if (element[0] === 'Z' || element[0] === '-') return readOffset(r, element)
  // `.999` may be absent, `.000` asks for exactly that many digits.
  if (element[1] === '9') return readFraction(r, /^[.,](\d+)/) || true
  return readFraction(r, new RegExp(`^[.,](\\d{${element.length - 1}})`))
}

function readOffset(r: Reading, element: string): boolean {
  const zeros = element.replace(/[^0]/g, '').length
  const colon = element.includes(':') ? ':' : ''
  const pattern = `^([+-])(\\d\\d)${zeros >= 3 ? `${colon}(\\d\\d)` : ''}${zeros >= 5 ? `${colon}(\\d\\d)` : ''}`
  const match = new RegExp(pattern).exec(r.rest)
  if (!match) return false
  const [hour = 0, minute = 0, second = 0] = match.slice(2).map(Number)
  if (hour > 24) r.outOfRange = 'time zone offset hour'
  if (minute > 60) r.outOfRange = 'time zone offset minute'
  if (second > 60) r.outOfRange = 'time zone offset second'
  const size = hour * 3600 + minute * 60 + second
  r.offset = match[1] === '-' ? -size : size
  r.rest = r.rest.slice(match[0].length)
  return true
}

function finish(r: Reading): string | undefined {
  if (r.half === 'PM' && r.hour < 12) r.hour += 12
  if (r.half === 'AM' && r.hour === 12) r.hour = 0
  if (r.yearDay >= 0) return finishYearDay(r)
  if (r.month < 0) r.month = 1
  if (r.day < 0) r.day = 1
  return r.day < 1 || r.day > daysIn(r.year, r.month) ? ': day out of range' : undefined
}

function finishYearDay(r: Reading): string | undefined {
  if (r.yearDay < 1 || r.yearDay > (isLeap(r.year) ? 366 : 365)) return ': day-of-year out of range'
  let month = 1
  let day = r.yearDay
  while (day > daysIn(r.year, month)) day -= daysIn(r.year, month++)
  if (r.month >= 0 && r.month !== month) return ': day-of-year does not match month'
  if (r.day >= 0 && r.day !== day) return ': day-of-year does not match day'
  r.month = month
  r.day = day
  return undefined
}

function instantOf(r: Reading, zone: Zone): GoTime {
  const local =
    daysFromCivil(r.year, r.month, r.day) * 86_400 + r.hour * 3600 + r.minute * 60 + r.second
  if (r.isUtc) return timeInZone(local, r.nanosecond, utc)
  if (r.offset !== undefined) {
    const shown = zone.at(local - r.offset)
    const own =
      shown.offset === r.offset && (r.abbreviation === '' || shown.abbreviation === r.abbreviation)
    return timeInZone(local, r.nanosecond, own ? zone : fixedZone(r.abbreviation, r.offset))
  }
  if (r.abbreviation === '') return timeInZone(local, r.nanosecond, zone)
  // An unknown abbreviation has offset zero, except GMT+3.
  const gmt = /^GMT([+-]\d+)$/.exec(r.abbreviation)
  const offset = gmt ? Number(gmt[1]) * 3600 : 0
  return timeInZone(local, r.nanosecond, fixedZone(r.abbreviation, offset))
}
