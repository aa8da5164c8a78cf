import { GoDuration, parseDuration } from '../../spec/duration.ts'
import { panic } from '../go-panic.ts'
import { GoTime, timeFromMs } from '../go-time/go-time.ts'
import { parseLayout } from '../go-time/parse-layout.ts'
import { GoLocation, loadZone, type Zone } from '../go-time/zone.ts'
import type { Builtins } from './builtins-type.ts'
import { asString } from './operators.ts'

const layouts = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
] as const

/** The built-ins about times. */
export const dateBuiltins: Builtins = {
  now: ([zone], { now }) => {
    if (now === undefined) return panic('now() is not available here')
    return timeFromMs(now, zone instanceof GoLocation ? zone.zone : undefined)
  },
  duration: ([text]) => {
    const parsed = parseDuration(asString(text))
    return 'error' in parsed ? panic(parsed.error) : new GoDuration(parsed.ns)
  },
  date: (args) => {
    const [first, ...rest] = args
    return first instanceof GoLocation ? date(rest, first.zone) : date(args, undefined)
  },
  timezone: ([name]) => new GoLocation(zoneNamed(asString(name))),
}

function zoneNamed(name: string): Zone {
  return loadZone(name) ?? panic(`unknown time zone ${name}`)
}

function date(args: readonly unknown[], zone: Zone | undefined): GoTime {
  const [value, layout, zoneName] = args
  const text = asString(value)
  if (args.length === 2) return read(asString(layout), text, zone)
  if (args.length === 3) return read(asString(layout), text, zoneNamed(asString(zoneName)))
  for (const known of layouts) {
    const time = parseLayout(known, text, zone)
    if (time instanceof GoTime) return time
  }
  return panic(`invalid date ${text}`)
}

function read(layout: string, text: string, zone: Zone | undefined): GoTime {
  const time = parseLayout(layout, text, zone)
  return time instanceof GoTime ? time : panic(time.error)
}
