import { loadZone, utc, type Zone } from '../expr/go-time/zone.ts'
import { parseDuration } from '../spec/duration.ts'
import { type FieldValues, readField } from './schedule-field.ts'

/** When something is due: at times of the calendar, or ever again after a pause. */
export type Schedule = CalendarSchedule | { readonly everySeconds: number }

export interface CalendarSchedule {
  readonly zone: Zone
  readonly minute: FieldValues
  readonly hour: FieldValues
  readonly dayOfMonth: FieldValues
  readonly month: FieldValues
  readonly dayOfWeek: FieldValues
}

interface Malformed {
  readonly error: string
}

/** Reads a schedule as robfig/cron v3's standard parser does, with its errors; without a zone it is in UTC. */
export function parseSchedule(text: string): { readonly schedule: Schedule } | Malformed {
  if (text === '') return { error: 'empty spec string' }
  const zoned = withZone(text)
  if ('error' in zoned) return zoned
  const { zone, rest } = zoned
  if (rest.startsWith('@')) return fromDescriptor(rest, zone)
  return fromFields(
    rest.split(/\s+/).filter((field) => field !== ''),
    zone,
  )
}

function withZone(text: string): { readonly zone: Zone; readonly rest: string } | Malformed {
  if (!/^(CRON_)?TZ=/.test(text)) return { zone: utc, rest: text }
  const space = text.indexOf(' ')
  // Upstream's library panics here.
  if (space < 0) return { error: `expected a schedule after the time zone: ${text}` }
  const name = text.slice(text.indexOf('=') + 1, space)
  const problem = timezoneProblem(name)
  if (problem !== undefined) return { error: `provided bad location ${name}: ${problem}` }
  return { zone: loadZone(name) ?? utc, rest: text.slice(space).trim() }
}

/** Why a name is no time zone, as Go's time.LoadLocation says it. */
export function timezoneProblem(name: string): string | undefined {
  if (name.includes('..') || /^[/\\]/.test(name)) return 'time: invalid location name'
  return loadZone(name) === undefined ? `unknown time zone ${name}` : undefined
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

function fromDescriptor(text: string, zone: Zone): { readonly schedule: Schedule } | Malformed {
  const fields = descriptors[text]
  if (fields !== undefined) return fromFields(fields.split(' '), zone)
  if (!text.startsWith('@every ')) return { error: `unrecognized descriptor: ${text}` }
  const parsed = parseDuration(text.slice('@every '.length))
  if ('error' in parsed) {
    return { error: `failed to parse duration ${text}: ${parsed.error}` }
  }
  return { schedule: { everySeconds: Math.max(1, Math.floor(parsed.ms / 1000)) } }
}

const names = (list: string, from: number): Readonly<Record<string, number>> =>
  Object.fromEntries(list.split(' ').map((name, index) => [name, index + from]))

const bounds = {
  minute: { min: 0, max: 59, names: {} },
  hour: { min: 0, max: 23, names: {} },
  dayOfMonth: { min: 1, max: 31, names: {} },
  month: { min: 1, max: 12, names: names('jan feb mar apr may jun jul aug sep oct nov dec', 1) },
  dayOfWeek: { min: 0, max: 6, names: names('sun mon tue wed thu fri sat', 0) },
} as const

function fromFields(
  fields: readonly string[],
  zone: Zone,
): { readonly schedule: Schedule } | Malformed {
  if (fields.length !== 5) {
    return { error: `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]` }
  }
  const read: Partial<Record<keyof typeof bounds, FieldValues>> = {}
  for (const [index, name] of (Object.keys(bounds) as (keyof typeof bounds)[]).entries()) {
    const field = readField(fields[index] ?? '', bounds[name])
    if ('error' in field) return field
    read[name] = field
  }
  return { schedule: { zone, ...(read as Required<typeof read>) } }
}
