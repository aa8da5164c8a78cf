import { offsetText, zoneName } from './zone-name.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day
const month = 30 * day
const year = 12 * month

/** Below `limit` a time reads like `text`, with `%d` counted in `unit`. */
type Magnitude = readonly [limit: number, text: string, unit: number]

const short: readonly Magnitude[] = [
  [second, '0s', 1],
  [minute, '%ds', second],
  [hour, '%dm', minute],
  [day, '%dh', hour],
  [Number.POSITIVE_INFINITY, '%dd', day],
]

const long: readonly Magnitude[] = [
  [2 * second, '1 second', 1],
  [minute, '%d seconds', second],
  [2 * minute, '1 minute', 1],
  [hour, '%d minutes', minute],
  [2 * hour, '1 hour', 1],
  [day, '%d hours', hour],
  [2 * day, '1 day', 1],
  [week, '%d days', day],
  [2 * week, '1 week', 1],
  [month, '%d weeks', week],
  [2 * month, '1 month', 1],
  [year, '%d months', month],
  [18 * month, '1 year', 1],
  [2 * year, '2 years', 1],
  [37 * year, '%d years', year],
  [Number.POSITIVE_INFINITY, 'a long while', 1],
]

/** As upstream's tables say how long something took: `12s`, `3m`, `5h`, `2d`; up to now when it has no end. */
export function shortDuration(
  from: string | undefined,
  to: string | undefined,
  now: number,
): string {
  if (!from) return '0s'
  return shortText((to ? Date.parse(to) : now) - Date.parse(from))
}

function shortText(ms: number): string {
  return said(Math.abs(ms), short)
}

/** As upstream's texts say it, in up to two units: `3 minutes 12 seconds`. */
export function longDuration(ms: number): string {
  if (ms < second) return '0 seconds'
  const first = said(ms, long)
  if (ms < minute) return first
  if (ms < hour) return `${first} ${Math.floor((ms % minute) / second)} seconds`
  if (ms < day) return `${first} ${Math.floor((ms % hour) / minute)} minutes`
  return `${first} ${Math.floor((ms % day) / hour)} hours`
}

/** `Mon Jan 02 15:04:05 -0700 (3 minutes ago)`, in the machine's own zone. */
export function timestamp(at: string | number, now: number): string {
  const date = new Date(at)
  const [weekday, name, number, , time] = date.toString().split(' ')
  const zone = date.toString().match(/GMT([+-]\d{4})/)?.[1] ?? '+0000'
  return `${weekday} ${name} ${number} ${time} ${zone} (${relative(date.getTime(), now)})`
}

/** Go's own way to print a time: `2006-01-02 15:04:05 -0700 MST`. */
export function goTime(at: string): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const days = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${days} ${time} ${offsetText(date.getTimezoneOffset())} ${zoneName(date)}`
}

function relative(at: number, now: number): string {
  const ms = Math.abs(now - at)
  if (ms < second) return 'now'
  return `${said(ms, long)} ${at <= now ? 'ago' : 'from now'}`
}

function said(ms: number, magnitudes: readonly Magnitude[]): string {
  const [, text, unit] = magnitudes.find(([limit]) => ms < limit) ?? ['', '', 1]
  return String(text).replace('%d', String(Math.floor(ms / Number(unit))))
}

/** Milliseconds of `10m`, `3h`, `1d`; undefined when it is none of these. argo: ParseSince. */
export function sinceMs(text: string): number | undefined {
  const match = /^(\d+)(s|m|h|d)$/.exec(text)
  if (!match) return undefined
  return Number(match[1]) * ({ s: second, m: minute, h: hour, d: day }[match[2] ?? ''] ?? 0)
}
