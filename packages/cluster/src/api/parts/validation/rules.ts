import { isIP } from 'node:net'
import type { Json } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'

/** A check of one value at its path; no flaws when it is fine. */
export type Check = (path: string, value: Json | undefined) => readonly Flaw[]

export function required(path: string, value: Json | undefined, why = ''): readonly Flaw[] {
  const isMissing = value === undefined || value === null || value === ''
  return isMissing ? [flawOf.required(path, why)] : []
}

export function oneOf(supported: readonly string[]): Check {
  return (path, value) => {
    const isFine = value === undefined || value === null || supported.includes(String(value))
    return isFine ? [] : [flawOf.notSupported(path, value, supported)]
  }
}

export function atLeast(least: number): Check {
  return (path, value) =>
    typeof value === 'number' && value < least
      ? [flawOf.invalid(path, value, `must be greater than or equal to ${least}`)]
      : []
}

export function moreThan(least: number, words = `must be greater than ${least}`): Check {
  return (path, value) =>
    typeof value === 'number' && value <= least ? [flawOf.invalid(path, value, words)] : []
}

export function between(
  least: number,
  most: number,
  words = `must be between ${least} and ${most}, inclusive`,
): Check {
  return (path, value) =>
    typeof value === 'number' && (value < least || value > most)
      ? [flawOf.invalid(path, value, words)]
      : []
}

export const port = between(1, 65535)
export const fileMode = between(
  0,
  0o777,
  'must be a number between 0 and 0777 (octal), both inclusive',
)
export const userId = between(0, 2147483647)

const percentRule =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"

/** So many, or so many of a hundred. */
export const countOrPercent: Check = (path, value) => {
  if (typeof value !== 'string') return atLeast(0)(path, value)
  return /^[0-9]+%$/.test(value) ? [] : [flawOf.invalid(path, value, percentRule)]
}

export const notOverAll: Check = (path, value) => {
  const isOver =
    typeof value === 'string' && /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) > 100
  return isOver ? [flawOf.invalid(path, value, 'must not be greater than 100%')] : []
}

/** What was once decided stays so. */
export function immutable(
  path: string,
  value: Json | undefined,
  old: Json | undefined,
): readonly Flaw[] {
  if (equalJson(value ?? null, old ?? null)) return []
  return [flawOf.invalid(path, value ?? null, 'field is immutable')]
}

export const protocol = oneOf(['SCTP', 'TCP', 'UDP'])

/** Values that are there twice: told of from the second time on. */
export function duplicates(
  values: readonly (Json | undefined)[],
  pathOf: (index: number) => string,
): readonly Flaw[] {
  const seen = new Set<Json>()
  return values.flatMap((value, index) => {
    if (value === undefined || value === '' || value === null) return []
    if (seen.has(value)) return [flawOf.duplicate(pathOf(index), value)]
    seen.add(value)
    return []
  })
}

/** A path below a volume: it may not lead out of it. */
export const localPath: Check = (path, value) => {
  if (typeof value !== 'string') return []
  const isAbsolute = value.startsWith('/')
  return [
    ...(isAbsolute ? [flawOf.invalid(path, value, 'must be a relative path')] : []),
    ...noBackSteps(path, value),
  ]
}

export const noBackSteps: Check = (path, value) => {
  const climbs = typeof value === 'string' && value.split('/').includes('..')
  return climbs ? [flawOf.invalid(path, value, "must not contain '..'")] : []
}

export const ip: Check = (path, value) => {
  if (typeof value === 'string' && isIP(value) !== 0) return []
  return [
    flawOf.invalid(
      path,
      value ?? '',
      'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ),
  ]
}

export const cidr: Check = (path, value) => {
  if (typeof value === 'string' && isCidr(value)) return []
  const why = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
  return [flawOf.invalid(path, value ?? '', why)]
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}
