import { daysFromCivil, daysIn, parseTime } from '../spec/time.ts'

/** A moment as it was written: a day is longer than a second. */
export interface Moment {
  readonly from: number
  readonly to: number
}

const dayMs = 86_400_000
const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: dayMs,
  w: 7 * dayMs,
}

/** `2026-01-02`, `2026-01-02T15:04:05Z`, `now`, or `-24h`: so long ago. Days are UTC's. */
export function momentIn(text: string, now: number): Moment | undefined {
  if (text === 'now') return { from: now, to: now + 1 }
  const ago = text.startsWith('-') ? lengthIn(text.slice(1)) : undefined
  if (ago !== undefined) return { from: now - ago, to: now - ago + 1 }
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  if (year !== '') return dayIn(Number(year), Number(month), Number(day))
  const at = parseTime(text.toUpperCase())
  if (at === undefined) return undefined
  return { from: at, to: at + (/\.\d/.test(text) ? 1 : 1000) }
}

function dayIn(year: number, month: number, day: number): Moment | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  const from = daysFromCivil(year, month, day) * dayMs
  return { from, to: from + dayMs }
}

/** `90s`, `1h30m`, `2d`; without a unit it is seconds. In milliseconds. */
export function lengthIn(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  if (!/^(?:\d{1,9}(?:\.\d{1,6})?(?:ms|[smhdw]))+$/.test(text)) return undefined
  let total = 0
  for (const [, count, unit = ''] of text.matchAll(/([\d.]+)(ms|[smhdw])/g)) {
    total += Number(count) * (unitMs[unit] ?? 1)
  }
  return Math.round(total)
}

/** As it may stand in a label or a parameter, and as it is compared there. */
export function numberIn(text: string): number | undefined {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined
}
