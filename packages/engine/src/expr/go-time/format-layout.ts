import { type Civil, civilOf, type GoTime } from './go-time.ts'
import { chunks, dayNames, monthNames } from './layout.ts'

/** Go's time.Time.Format. */
export function formatLayout(time: GoTime, layout: string): string {
  const civil = civilOf(time)
  let out = ''
  for (const { literal, element } of chunks(layout)) {
    out += literal + shown(civil, element)
  }
  return out
}

const fields: Readonly<Record<string, (civil: Civil) => string>> = {
  '': () => '',
  '2006': (c) => year(c.year),
  '06': (c) => pad(c.year % 100),
  January: (c) => monthNames[c.month - 1] ?? '',
  Jan: (c) => (monthNames[c.month - 1] ?? '').slice(0, 3),
  '01': (c) => pad(c.month),
  '1': (c) => String(c.month),
  Monday: (c) => dayNames[c.weekday] ?? '',
  Mon: (c) => (dayNames[c.weekday] ?? '').slice(0, 3),
  '02': (c) => pad(c.day),
  _2: (c) => String(c.day).padStart(2, ' '),
  '2': (c) => String(c.day),
  '002': (c) => String(c.yearDay).padStart(3, '0'),
  __2: (c) => String(c.yearDay).padStart(3, ' '),
  '15': (c) => pad(c.hour),
  '03': (c) => pad(c.hour % 12 || 12),
  '3': (c) => String(c.hour % 12 || 12),
  '04': (c) => pad(c.minute),
  '4': (c) => String(c.minute),
  '05': (c) => pad(c.second),
  '5': (c) => String(c.second),
  PM: (c) => (c.hour >= 12 ? 'PM' : 'AM'),
  pm: (c) => (c.hour >= 12 ? 'pm' : 'am'),
  MST: (c) => c.abbreviation || offset(c.offset, '-0700'),
}

function shown(civil: Civil, element: string): string {
  const field = Object.hasOwn(fields, element) ? fields[element] : undefined
  if (field) return field(civil)
  if (element[0] === 'Z' && civil.offset === 0) return 'Z'
  if (element[0] === 'Z' || element[0] === '-') return offset(civil.offset, element)
  return fraction(civil.nanosecond, element)
}

function offset(seconds: number, element: string): string {
  const size = Math.abs(seconds)
  const colon = element.includes(':') ? ':' : ''
  const digits = element.replace(/[^0]/g, '').length
  const minutes = digits >= 3 ? colon + pad(Math.floor(size / 60) % 60) : ''
  const secs = digits >= 5 ? colon + pad(size % 60) : ''
  return (seconds < 0 ? '-' : '+') + pad(Math.floor(size / 3600)) + minutes + secs
}

function fraction(nanosecond: number, element: string): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, element.length - 1)
  if (element[1] === '0') return (element[0] ?? '') + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed === '' ? '' : (element[0] ?? '') + trimmed
}

function year(value: number): string {
  return value < 0 ? `-${String(-value).padStart(4, '0')}` : String(value).padStart(4, '0')
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
