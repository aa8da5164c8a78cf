import { quote } from '../go-quote.ts'
import { byteLength } from '../go-text.ts'

/** A semantic version; missing parts are 0. */
export interface Version {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  readonly prerelease: string
  readonly metadata: string
}

const shape = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/

export function parseVersion(text: string): Version | undefined {
  const match = shape.exec(text)
  if (!match) return undefined
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), prerelease, metadata }
}

/** Whether a version fits a constraint such as `>=1.2, <2 || ~3.1`; a text is the error. */
export function satisfies(constraint: string, version: () => Version): boolean | string {
  if (byteLength(constraint) > 512) return 'constraint string is too long (max 512 bytes)'
  const texts = constraint.split('||')
  if (texts.length > 32) return 'too many constraint groups (max 32)'
  const groups = texts.map(readGroup)
  const bad = groups.indexOf(undefined)
  if (bad >= 0) return `improper constraint: ${quote(texts[bad] ?? '')}`
  const given = version()
  return groups.some((group) => group?.every((rule) => rule(given)) ?? false)
}

type Rule = (version: Version) => boolean

const part = /^\s*(=|==|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*(v?[\dxX*][^\s,]*)\s*,?/
const range = /([^\s,]+)\s+-\s+([^\s,]+)/g

function readGroup(text: string): readonly Rule[] | undefined {
  let rest = text.replace(range, '>=$1 <=$2')
  const rules: Rule[] = []
  while (rest.trim() !== '') {
    const match = part.exec(rest)
    const rule = match && readRule(match[1] ?? '', match[2] ?? '')
    if (!match || !rule) return undefined
    rules.push(rule)
    rest = rest.slice(match[0].length)
  }
  return rules.length === 0 ? undefined : rules
}

const partial =
  /^v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

function readRule(operator: string, text: string): Rule | undefined {
  const match = partial.exec(text)
  if (!match) return undefined
  const numbers = match.slice(1, 4)
  const wild = numbers.findIndex((number) => number === undefined || /^[xX*]$/.test(number))
  const known = wild < 0 ? 3 : wild
  const [major = 0n, minor = 0n, patch = 0n] = numbers
    .slice(0, known)
    .map((number) => BigInt(number ?? 0))
  const low: Version = { major, minor, patch, prerelease: match[4] ?? '', metadata: '' }
  const test = comparisons(low, known)[operator]
  if (!test) return undefined
  // A pre-release fits only a constraint that names one.
  return (version) => (version.prerelease !== '' && low.prerelease === '' ? false : test(version))
}

function comparisons(low: Version, known: number): Readonly<Record<string, Rule>> {
  const above = upTo(low, known - 1)
  const within =
    (end: Version | undefined): Rule =>
    (v) =>
      compare(v, low) >= 0 && (!end || compare(v, end) < 0)
  const equal: Rule = known < 3 ? within(above) : (v) => compare(v, low) === 0
  const greater: Rule =
    known < 3 ? (v) => above !== undefined && compare(v, above) >= 0 : (v) => compare(v, low) > 0
  const atMost: Rule =
    known < 3 ? (v) => !above || compare(v, above) < 0 : (v) => compare(v, low) <= 0
  const atLeast: Rule = (v) => compare(v, low) >= 0
  const tilde = within(upTo(low, Math.min(known - 1, 1)))
  return {
    '': equal,
    '=': equal,
    '==': equal,
    '!=': (v) => !equal(v),
    '>': greater,
    '<': (v) => compare(v, low) < 0,
    '>=': atLeast,
    '=>': atLeast,
    '<=': atMost,
    '=<': atMost,
    '~': tilde,
    '~>': tilde,
    '^': within(upTo(low, caretPlace(low, known))),
  }
}

/** Which number a caret lets grow: the first one that is not zero stays. */
function caretPlace({ major, minor }: Version, known: number): number {
  if (major > 0n || known <= 1) return Math.min(known - 1, 0)
  return minor > 0n || known === 2 ? 1 : 2
}

/** The first version beyond those that share the numbers up to `place`. */
function upTo(low: Version, place: number): Version | undefined {
  const clean = { prerelease: '', metadata: '' }
  if (place < 0) return undefined
  if (place === 0) return { ...clean, major: low.major + 1n, minor: 0n, patch: 0n }
  if (place === 1) return { ...clean, major: low.major, minor: low.minor + 1n, patch: 0n }
  return { ...clean, major: low.major, minor: low.minor, patch: low.patch + 1n }
}

function compare(a: Version, b: Version): number {
  for (const key of ['major', 'minor', 'patch'] as const)
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === '' || b.prerelease === '') return a.prerelease === '' ? 1 : -1
  return comparePrerelease(a.prerelease.split('.'), b.prerelease.split('.'))
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find(
    (index) => a[index] !== b[index],
  )
  return at === undefined ? 0 : compareIdentifiers(a[at] ?? '', b[at] ?? '')
}

// Numbers come before words, and nothing comes before both.
function compareIdentifiers(x: string, y: string): number {
  const [isNumberX, isNumberY] = [/^\d+$/.test(x), /^\d+$/.test(y)]
  if (isNumberX && isNumberY) return BigInt(x) < BigInt(y) ? -1 : 1
  if (x !== '' && y !== '' && isNumberX !== isNumberY) return isNumberX ? -1 : 1
  return x < y ? -1 : 1
}
