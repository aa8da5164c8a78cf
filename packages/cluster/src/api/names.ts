import {
  isLabelValue,
  isQualifiedName,
  isSubdomain,
  labelValueRule,
  type ObjectMeta,
} from '@argosy/engine'
import type { Kind } from './kinds.ts'
import { type Flaw, flawOf } from './parts/schema/flaw.ts'
import { invalid } from './refusals.ts'

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A name for `generateName`: five characters that spell no word. */
export function generatedName(base: string, random: () => number): string {
  let name = base.slice(0, 58)
  for (let count = 0; count < 5; count++) name += alphabet[Math.floor(random() * alphabet.length)]
  return name
}

/** Throws `Invalid` unless the object may have this name. */
export function checkName(kind: Kind, name: string): void {
  const flaws = nameFlaws(kind, name)
  if (flaws.length > 0) throw invalid(kind.resource, name, flaws)
}

function nameFlaws(kind: Kind, name: string): Flaw[] {
  const path = 'metadata.name'
  if (name === '') return [flawOf.required(path, 'name or generateName is required')]
  if (kind.names === 'path')
    return /^(?!\.\.?$)[^/%]+$/.test(name)
      ? []
      : [flawOf.invalid(path, name, 'may not contain "/" or "%"')]
  if (kind.names === 'label') {
    if (name.length > 63) return [flawOf.invalid(path, name, 'must be no more than 63 characters')]
    return isSubdomain(name) && !name.includes('.') ? [] : [flawOf.invalid(path, name, labelRule)]
  }
  if (name.length > 253) return [flawOf.invalid(path, name, 'must be no more than 253 characters')]
  return isSubdomain(name) ? [] : [flawOf.invalid(path, name, subdomainRule)]
}

/** Throws `Invalid` unless the labels are well-formed. */
export function checkLabels(kind: Kind, metadata: ObjectMeta): void {
  const flaws: Flaw[] = []
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (!isQualifiedName(key)) flaws.push(flawOf.invalid('metadata.labels', key, keyRule))
    if (typeof value !== 'string' || !isLabelValue(value)) {
      flaws.push(flawOf.invalid('metadata.labels', value, labelValueRule))
    }
  }
  if (flaws.length > 0) throw invalid(kind.resource, metadata.name ?? '', flaws)
}
