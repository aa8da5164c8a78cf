import {
  type FieldRequirement,
  fieldTerms,
  isLabelValue,
  isQualifiedName,
  labelValueRule,
} from '@argosy/engine'
import { StatusError } from './status-error.ts'

type Labels = Readonly<Record<string, string>> | undefined

/** Whether an object's labels satisfy a selector. */
export type LabelMatch = (labels: Labels) => boolean

/** One clause of a label selector. */
export interface LabelRequirement {
  readonly key: string
  /** As it is written; `!` for a label that must not be there, `exists` for one that must. */
  readonly operator: string
  readonly values: readonly string[]
  matches(actual: string | undefined): boolean
}

/** Reads Kubernetes' label selector text, as `app=web,tier!=db,x in (a,b),!y,z>3`. Throws `BadRequest`. */
export function labelSelector(text: string): LabelMatch {
  const requirements = labelRequirements(text)
  return (labels) => requirements.every(({ key, matches }) => matches(labelOf(labels, key)))
}

/** The clauses of a label selector, one by one. Throws `BadRequest`. */
export function labelRequirements(text: string): readonly LabelRequirement[] {
  const tokens = tokensOf(text)
  const requirements: LabelRequirement[] = []
  while (tokens.length > 0) {
    requirements.push(requirement(tokens, text))
    const separator = tokens.shift()
    if (separator === undefined) break
    if (separator !== ',')
      throw unreadable(text, `found '${separator}', expected: ',' or 'end of string'`)
    if (tokens.length === 0) throw unreadable(text, `found '', expected: identifier after ','`)
  }
  return requirements
}

function requirement(tokens: string[], text: string): LabelRequirement {
  const negated = tokens[0] === '!'
  if (negated) tokens.shift()
  const key = tokens.shift() ?? ''
  if (isSymbol(key) || !isQualifiedName(key)) {
    throw unreadable(text, `found '${key}', expected: !, identifier, or 'end of string'`)
  }
  if (negated) return { key, operator: '!', values: [], matches: (actual) => actual === undefined }
  if (tokens.length === 0 || tokens[0] === ',')
    return { key, operator: 'exists', values: [], matches: (actual) => actual !== undefined }
  const operator = tokens.shift() ?? ''
  const match = operators.get(operator)
  if (!match) throw unreadable(text, `found '${operator}', expected: in, notin, =, ==, !=, gt, lt`)
  const values =
    operator === 'in' || operator === 'notin' ? set(tokens, text) : [exact(tokens, text)]
  for (const value of values) checkValue(value, operator, text)
  return { key, operator, values, matches: (actual) => match(actual, values) }
}

type Compare = (actual: string | undefined, wanted: readonly string[]) => boolean

const among: Compare = (actual, wanted) => actual !== undefined && wanted.includes(actual)
const notAmong: Compare = (actual, wanted) => !among(actual, wanted)

const operators = new Map<string, Compare>([
  ['=', among],
  ['==', among],
  ['!=', notAmong],
  ['in', among],
  ['notin', notAmong],
  ['>', (actual, [wanted = '']) => isInteger(actual) && BigInt(actual) > BigInt(wanted)],
  ['<', (actual, [wanted = '']) => isInteger(actual) && BigInt(actual) < BigInt(wanted)],
])

function isInteger(text: string | undefined): text is string {
  return (
    text !== undefined &&
    /^[+-]?\d+$/.test(text) &&
    BigInt.asIntN(64, BigInt(text)) === BigInt(text)
  )
}

function labelOf(labels: Labels, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined
}

function exact(tokens: string[], text: string): string {
  const [next] = tokens
  if (next === undefined || next === ',') return ''
  if (isSymbol(next)) throw unreadable(text, `found '${next}', expected: identifier`)
  tokens.shift()
  return next
}

function set(tokens: string[], text: string): string[] {
  const open = tokens.shift() ?? ''
  if (open !== '(') throw unreadable(text, `found '${open}' expected: '('`)
  const values: string[] = []
  for (;;) {
    values.push(listed(tokens, text))
    const separator = tokens.shift() ?? ''
    if (separator === ')') return values
    if (separator !== ',') throw unreadable(text, `found '${separator}', expected: ',' or ')'`)
  }
}

/** Between commas there may be nothing. */
function listed(tokens: string[], text: string): string {
  const [next = ''] = tokens
  if (next === ',' || next === ')') return ''
  if (next === '' || isSymbol(next))
    throw unreadable(text, `found '${next}', expected: ',', ')' or identifier`)
  tokens.shift()
  return next
}

function checkValue(value: string, operator: string, text: string): void {
  const wantsNumber = operator === '>' || operator === '<'
  if (wantsNumber && !isInteger(value))
    throw unreadable(text, `for 'Gt', 'Lt' operators, the value must be an integer`)
  // Which is why it cannot be negative.
  if (!isLabelValue(value))
    throw unreadable(text, `values: Invalid value: "${value}": ${labelValueRule}`)
}

const symbols = /\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)/gy

function tokensOf(text: string): string[] {
  return [...text.trim().matchAll(symbols)].map((found) => found[1] ?? '')
}

function isSymbol(token: string): boolean {
  return /^[=!(),<>]/.test(token)
}

function unreadable(text: string, why: string): StatusError {
  return new StatusError('BadRequest', `unable to parse requirement: ${why} (in "${text}")`)
}

/** Reads Kubernetes' field selector text, as `metadata.name=x,status.phase!=Running`. Throws `BadRequest`. */
export function fieldSelector(text: string): readonly FieldRequirement[] {
  const read = fieldTerms(text)
  if ('refused' in read) throw new StatusError('BadRequest', read.refused)
  // A clause without name and value asks for nothing.
  return read.terms.filter(({ field, value }) => field !== '' || value !== '')
}
