/** The second that was written last: it is asked for many times over. */
let last = { second: 0, text: '1970-01-01T00:00:00Z' }

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second !== last.second) {
    last = { second, text: new Date(second * 1000).toISOString().replace('.000Z', 'Z') }
  }
  return last.text
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/

/** Milliseconds since 1970 of an RFC 3339 time with any offset; a fraction counts down to the millisecond. */
export function parseTime(text: string): number | undefined {
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six
  const inRange = month >= 1 && month <= 12 && hour < 24 && minute < 60 && second < 60
  if (!inRange || day < 1 || day > daysIn(year, month)) return undefined
  const fraction = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000)
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * 60_000
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
  return seconds * 1000 + fraction - (match[8] === '-' ? -offset : offset)
}

type Six = [number, number, number, number, number, number]

/** How many days the month (1 to 12) has. */
export function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return isLeap(year) ? 29 : 28
}

export function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * 146_097 + dayOfEra + dayOfYear - 719_468
}

/** The inverse of `daysFromCivil`. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
