import { readFileSync } from 'node:fs'

/**
 * What the machine's time zone is called at an instant, as `CET`, by the rule at the end of the zone's file (RFC 9636):
 * libraries for that take longer to load than the rest of a short command. An offset, as `+0530`, where no rule says it.
 */
export function zoneName(date: Date, env: NodeJS.ProcessEnv = process.env): string {
  const minutes = date.getTimezoneOffset()
  const rule = /^(<[^>]+>|[A-Za-z]+)([-+]?[\d:]+)(<[^>]+>|[A-Za-z]+)?([-+]?[\d:]+)?/.exec(
    ruleIn(zoneFile(env['TZ'])),
  )
  const [, standard = '', offset = '', summer = '', summerOffset] = rule ?? []
  const base = rule ? minutesOf(offset) : Number.NaN
  if (minutes === base) return standard.replace(/[<>]/g, '')
  const inSummer = summerOffset === undefined ? base - 60 : minutesOf(summerOffset)
  if (summer !== '' && minutes === inSummer) return summer.replace(/[<>]/g, '')
  return minutes === 0 ? 'UTC' : offsetText(minutes)
}

function zoneFile(zone: string | undefined): string {
  if (zone === undefined || zone === '') return '/etc/localtime'
  return `/usr/share/zoneinfo/${zone.replace(/^:/, '')}`
}

/** The last line; empty when there is none. */
function ruleIn(path: string): string {
  try {
    return readFileSync(path, 'latin1').split('\n').at(-2) ?? ''
  } catch {
    return ''
  }
}

/** West of Greenwich is more than 0, here as in POSIX. */
function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.replace(/^[-+]/, '').split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** `+0530`: east, as everybody but POSIX counts. */
export function offsetText(minutes: number): string {
  const east = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes > 0 ? '-' : '+'}${two(Math.floor(east / 60))}${two(east % 60)}`
}
