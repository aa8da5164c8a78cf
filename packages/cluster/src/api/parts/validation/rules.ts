import type { Json } from '@argosy/engine'
import { isQualifiedName, isSubdomain } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'

const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const serviceNameRule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

/** A check of one value at its path; no flaws when it is fine. */
export type Check = (path: string, value: Json | undefined) => readonly Flaw[]

function check(rule: string, most: number, isFine: (text: string) => boolean): Check {
  return (path, value) => {
    if (typeof value !== 'string' || value === '') return []
    if (value.length > most)
      return [flawOf.invalid(path, value, `must be no more than ${most} characters`)]
    return isFine(value) ? [] : [flawOf.invalid(path, value, rule)]
  }
}

export const label = check(labelRule, 63, (text) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text))
export const serviceName = check(serviceNameRule, 63, (text) =>
  /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text),
)
export const subdomain = check(subdomainRule, 253, isSubdomain)
export const qualifiedName = check(keyRule, 317, isQualifiedName)

/** The keys of a label map. */
export function labelKeys(path: string, value: Json | undefined): readonly Flaw[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? Object.keys(value).flatMap((key) => qualifiedName(path, key)) : []
}

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

export function port(path: string, value: Json | undefined): readonly Flaw[] {
  const isFine = typeof value !== 'number' || (value >= 1 && value <= 65535)
  return isFine ? [] : [flawOf.invalid(path, value, 'must be between 1 and 65535, inclusive')]
}

/** A port by its number or by its name. */
export function portOrName(path: string, value: Json | undefined): readonly Flaw[] {
  return typeof value === 'string' ? portName(path, value) : port(path, value)
}

export function portName(path: string, value: Json | undefined): readonly Flaw[] {
  if (typeof value !== 'string' || value === '') return []
  const whys = [
    value.length > 15 && 'must be no more than 15 characters',
    !/^[-a-z0-9]+$/.test(value) &&
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    !/[a-z]/.test(value) && 'must contain at least one letter (a-z)',
    value.includes('--') && 'must not contain consecutive hyphens',
    /^-|-$/.test(value) && 'must not begin or end with a hyphen',
  ]
  return whys.filter((why) => why !== false).map((why) => flawOf.invalid(path, value, why))
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
