import { compileExpr } from './expr-lang/index.ts'
import type { Impure } from './functions/impure.ts'
import { functionEnvironment } from './functions/index.ts'
import { sprint } from './go-format.ts'
import { GoPanic, panic } from './go-panic.ts'
import { quote } from './go-quote.ts'
import { escapeHtml, goJson } from './tags-go-json.ts'
import { identifiersOf, isKnown } from './tags-identifiers.ts'

/** What an expression tag gives: text, nothing yet (`wait`), a strict name that is missing, or an error. */
export type TagResult =
  | { readonly text: string }
  | { readonly wait: true }
  | { readonly missing: string }
  | { readonly problem: string }

export interface TagRules {
  /** Errors and nil only mean: not yet. */
  readonly lenient: boolean
  readonly impure?: Impure | undefined
  /** Whether a name that is not in the environment must be there by now. */
  isStrict(name: string): boolean
}

// These come last. An expression that has a default for them must not fall back to it before they can be there.
const lateBound: ReadonlySet<string> = new Set([
  'item',
  'retries',
  'lastRetry.exitCode',
  'lastRetry.status',
  'lastRetry.duration',
  'lastRetry.message',
  'workflow.status',
  'workflow.failures',
])

/** Evaluates the expression of a tag. A name that is missing only makes it wait, a syntax error never does. */
export function evaluateTag(
  source: string,
  environment: Record<string, unknown>,
  rules: TagRules,
): TagResult {
  const complete = withFunctions(environment, rules.impure)
  const names = identifiersOf(source) ?? []
  const missing = names.filter((name) => !isKnown(complete, name))
  const strict = missing.find((name) => rules.isStrict(name))
  if (strict !== undefined) return { missing: strict }

  const program = compileExpr(source)
  if ('error' in program) return { problem: `failed to evaluate expression: ${program.error}` }
  const mayWait = missing.length > 0 || rules.lenient
  if (mayWait && missing.some((name) => lateBound.has(name))) return { wait: true }
  const given = textOf(program.evaluate(complete, clock(rules.impure)), source)
  return mayWait && 'problem' in given ? { wait: true } : given
}

function textOf(
  result: { readonly value: unknown } | { readonly error: string },
  source: string,
): TagResult {
  if ('error' in result) return { problem: `failed to evaluate expression: ${result.error}` }
  if (result.value !== null && result.value !== undefined) return inserted(result.value)
  const written = escapeHtml(JSON.stringify(source)).slice(1, -1)
  return { problem: `failed to evaluate expression ${quote(written)}` }
}

// Text goes in as it is, anything else as its JSON; the JSON of times and bytes is text too.
function inserted(value: unknown): TagResult {
  if (typeof value === 'string') return { text: value }
  try {
    const json = goJson(value)
    return { text: json.startsWith('"') ? json.slice(1, -1) : json }
  } catch (mistake) {
    if (!(mistake instanceof GoPanic)) throw mistake
    return { problem: `failed to marshal evaluated expression: ${mistake.message}` }
  }
}

/** Evaluates an expression outside of tags (`valueFrom.expression`, `fromExpression`). */
export function evaluateExpression(
  source: string,
  environment: Record<string, unknown>,
  impure?: Impure,
): { readonly value: unknown } | { readonly error: string } {
  const program = compileExpr(source)
  return 'error' in program
    ? program
    : program.evaluate(withFunctions(environment, impure), clock(impure))
}

function clock(impure: Impure | undefined): { readonly now?: number } {
  return impure === undefined ? {} : { now: impure.now() }
}

/** The text of a result that becomes a parameter. */
export function expressionText(value: unknown): string {
  return sprint(value)
}

const completed = new WeakMap<object, Record<string, unknown>>()

/** Variables and Argo's own functions; the variables are only worked out when they are read. */
function withFunctions(
  environment: Record<string, unknown>,
  impure: Impure | undefined,
): Record<string, unknown> {
  const known = completed.get(environment)
  if (known !== undefined) return known
  const complete: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(environment)) {
    Object.defineProperty(complete, name, {
      configurable: true,
      enumerable: true,
      get: () => environment[name],
    })
  }
  for (const [name, value] of Object.entries(functionsFor(impure ?? noChance))) {
    Object.defineProperty(complete, name, { enumerable: true, value })
  }
  completed.set(environment, complete)
  return complete
}

const noChance: Impure = {
  now: () => panic('there is no clock here'),
  random: () => panic('there is no chance here'),
}

const functions = new WeakMap<Impure, Record<string, unknown>>()

// There are many functions and many scopes; the functions need to be made only once.
function functionsFor(impure: Impure): Record<string, unknown> {
  const known = functions.get(impure) ?? functionEnvironment(impure)
  functions.set(impure, known)
  return known
}
