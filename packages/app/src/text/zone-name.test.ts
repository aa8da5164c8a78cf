import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { zoneName } from './zone-name.ts'

const winter = new Date('2026-01-15T12:00:00Z')
const summer = new Date('2026-07-15T12:00:00Z')

/** In a process of its own: a running one keeps the zone that it began with. */
const inZone = (zone: string) => {
  const program = `
    import { zoneName } from ${JSON.stringify(new URL('./zone-name.ts', import.meta.url).href)}
    process.stdout.write([${winter.getTime()}, ${summer.getTime()}].map((at) => zoneName(new Date(at))).join(' '))`
  const args = ['--input-type=module-typescript', '-e', program]
  return execFileSync(process.execPath, args, { env: { TZ: zone }, encoding: 'utf8' })
}

test.skipIf(!existsSync('/usr/share/zoneinfo/Europe/Berlin')).each([
  ['Europe/Berlin', 'CET CEST'],
  ['Europe/London', 'GMT BST'],
  ['America/New_York', 'EST EDT'],
  ['Australia/Sydney', 'AEDT AEST'],
  ['Asia/Kolkata', 'IST IST'],
  ['America/Sao_Paulo', '-03 -03'],
  ['Asia/Tehran', '+0330 +0330'],
  ['UTC', 'UTC UTC'],
])('in %s: %s', (zone, names) => {
  expect(inZone(zone)).toBe(names)
})

test('a zone of which nothing is known is told by its offset', () => {
  const date = { getTimezoneOffset: () => -330 } as Date
  expect(zoneName(date, { TZ: 'No/Where' })).toBe('+0530')
  expect(zoneName({ getTimezoneOffset: () => 0 } as Date, { TZ: 'No/Where' })).toBe('UTC')
})
