import { isObject, isSubdomain, type Json } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { type Check, port } from './rules.ts'

const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const serviceNameRule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const bareKeyRule =
  "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

function check(rule: string, most: number, isFine: (text: string) => boolean): Check {
  return (path, value) => {
    if (typeof value !== 'string' || value === '') return []
    if (value.length > most)
      return [flawOf.invalid(path, value, `must be no more than ${most} characters`)]
    return isFine(value) ? [] : [flawOf.invalid(path, value, rule)]
  }
}

const bareLabel = check(labelRule, 63, (text) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text))

export const label: Check = (path, value) => {
  const flaws = bareLabel(path, value)
  const isDotted = typeof value === 'string' && value.length <= 63 && isSubdomain(value)
  return flaws.length > 0 && isDotted
    ? [flawOf.invalid(path, value, 'must not contain dots')]
    : flaws
}

export const serviceName = check(serviceNameRule, 63, (text) =>
  /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text),
)
export const subdomain = check(subdomainRule, 253, isSubdomain)

/** The same where it cannot be left out. */
export const subdomainOrEmpty: Check = (path, value) =>
  (value ?? '') === '' ? [flawOf.invalid(path, '', subdomainRule)] : subdomain(path, value)

const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

const searchRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"
const inSearches = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/

/** A domain in which names are looked for; the root of all may be one, and its dot may end any. */
export const searchDomain = check(searchRule, 254, (text) => {
  return text === '.' || inSearches.test(text.replace(/\.$/, ''))
})

export const labelValue = check(valueRule, 63, isPart)

function isPart(text: string): boolean {
  return /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(text)
}

/** A label's or annotation's key, and what is named in their manner; an empty one is fine. */
export const qualifiedName: Check = (path, value) =>
  value === '' ? [] : qualifiedNameOrEmpty(path, value)

/** The same where it cannot be left out. */
export const qualifiedNameOrEmpty: Check = (path, value) => {
  if (typeof value !== 'string' && value !== undefined) return []
  const text = value ?? ''
  return whysOfName(text).map((why) => flawOf.invalid(path, text, why))
}

function whysOfName(text: string): readonly string[] {
  const [first = '', second, ...more] = text.split('/')
  if (more.length > 0) return [bareKeyRule]
  const name = second ?? first
  return [
    ...(second === undefined ? [] : whysOfPrefix(first)),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 characters'] : []),
    ...(isPart(name) ? [] : [keyRule]),
  ]
}

function whysOfPrefix(prefix: string): readonly string[] {
  if (prefix === '') return ['prefix part must be non-empty']
  if (prefix.length > 253) return ['prefix part must be no more than 253 characters']
  return isSubdomain(prefix) ? [] : [`prefix part ${subdomainRule}`]
}

/** A map of labels. */
export function labelMap(path: string, value: Json | undefined): readonly Flaw[] {
  const entries = isObject(value) ? Object.entries(value) : []
  return entries.flatMap(([key, text]) => [
    ...qualifiedNameOrEmpty(path, key),
    ...labelValue(path, text),
  ])
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

const wildcardRule =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const wildcard = check(
  wildcardRule,
  253,
  (text) => text.startsWith('*.') && isSubdomain(text.slice(2)),
)

/** The name of a host, or of all below a domain. */
export const hostName: Check = (path, value) =>
  typeof value === 'string' && value.includes('*') ? wildcard(path, value) : subdomain(path, value)

/** Says who knows a name, and then the name: `acme.io/foo`. */
export const domainPath: Check = (path, value) => {
  const text = String(value ?? '')
  const [domain = '', ...rest] = text.split('/')
  const isFine =
    isSubdomain(domain) &&
    rest.length > 0 &&
    /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest.join('/'))
  const why = 'must be a domain-prefixed path (such as "acme.io/foo")'
  return isFine ? [] : [flawOf.invalid(path, text, why)]
}

/** A name that stands in paths. */
export const pathSegment: Check = (path, value) => {
  const text = String(value ?? '')
  if (text === '.' || text === '..') return [flawOf.invalid(path, text, `may not be '${text}'`)]
  return ['/', '%']
    .filter((letter) => text.includes(letter))
    .map((letter) => flawOf.invalid(path, text, `may not contain '${letter}'`))
}
