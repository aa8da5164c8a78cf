/** A time zone as Go's *time.Location. */
export interface Zone {
  /** `UTC`, an IANA name, or the abbreviation of a fixed zone (may be empty). */
  readonly name: string
  /** What the clocks say at `seconds` since 1970 UTC. */
  at(seconds: number): { readonly offset: number; readonly abbreviation: string }
}

/** Marks a zone as a value of expr-lang's `timezone()`. */
export class GoLocation {
  readonly zone: Zone
  constructor(zone: Zone) {
    this.zone = zone
  }
}

const utcNow = { offset: 0, abbreviation: 'UTC' }
export const utc: Zone = { name: 'UTC', at: () => utcNow }

export function fixedZone(name: string, offset: number): Zone {
  const always = { offset, abbreviation: name }
  return { name, at: () => always }
}

/** The zone of that IANA name; empty and `UTC` and `Local` are UTC, where controllers run. */
export function loadZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC') return utc
  if (name === 'Local') return { ...utc, name: 'Local' }
  const known = zones.get(name)
  if (known !== undefined) return known
  const made = intlZone(name)
  if (made !== undefined) zones.set(name, made)
  return made
}

// There are some hundred names; only those that are zones are kept.
const zones = new Map<string, Zone>()

function intlZone(name: string): Zone | undefined {
  if (!/^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/.test(name)) return undefined
  const formats = intlFormats(name)
  if (!formats || isOtherCase(name, formats.fields)) return undefined
  const days = new Days((seconds) => offsetAt(formats.fields, seconds))
  return {
    name,
    at: (seconds) => {
      const inside = Math.max(-latest, Math.min(latest, seconds))
      const offset = days.offset(inside)
      return {
        offset,
        get abbreviation() {
          return abbreviationAt(formats.names, inside, offset)
        },
      }
    },
  }
}

// Zones are files: another case is another name. Intl takes any.
function isOtherCase(name: string, format: Intl.DateTimeFormat): boolean {
  const { timeZone } = format.resolvedOptions()
  return timeZone !== name && timeZone.toLowerCase() === name.toLowerCase()
}

// No Date goes further.
const latest = 8_640_000_000_000
const day = 86_400
const mostDays = 8192

/** Asks for the offset at the beginning of each day only; clocks change at most once a day. */
class Days {
  readonly #ask: (seconds: number) => number
  readonly #offsets = new Map<number, number>()

  constructor(ask: (seconds: number) => number) {
    this.#ask = ask
  }

  offset(seconds: number): number {
    const start = Math.floor(seconds / day) * day
    const before = this.#at(start)
    const after = this.#at(Math.min(latest, start + day))
    return before === after ? before : this.#ask(seconds)
  }

  #at(start: number): number {
    const known = this.#offsets.get(start)
    if (known !== undefined) return known
    const offset = this.#ask(start)
    if (this.#offsets.size >= mostDays) this.#offsets.clear()
    this.#offsets.set(start, offset)
    return offset
  }
}

function intlFormats(timeZone: string) {
  try {
    return {
      fields: new Intl.DateTimeFormat('en-US', {
        timeZone,
        calendar: 'gregory',
        hourCycle: 'h23',
        timeZoneName: 'longOffset',
      }),
      names: ['en-US', 'en-GB', 'en-AU'].map(
        (locale) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }),
      ),
    }
  } catch {
    return undefined
  }
}

function offsetAt(format: Intl.DateTimeFormat, seconds: number): number {
  const text = zonePart(format, seconds)
  const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text)
  if (!match) return 0
  const size = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -size : size
}

// Intl knows names like CET only in the locale that uses them; tzdata writes the others as "+03".
function abbreviationAt(
  formats: readonly Intl.DateTimeFormat[],
  seconds: number,
  offset: number,
): string {
  for (const format of formats) {
    const name = zonePart(format, seconds)
    if (!/[+-]|\d/.test(name)) return name
  }
  const minutes = Math.abs(offset) / 60
  const pad = (n: number) => String(n).padStart(2, '0')
  const rest = minutes % 60 === 0 ? '' : pad(minutes % 60)
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${rest}`
}

function zonePart(format: Intl.DateTimeFormat, seconds: number): string {
  const parts = format.formatToParts(seconds * 1000)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}
