import { GoPanic } from '../go-panic.ts'
import { childrenOf, type Node } from './ast.ts'
import { check } from './check.ts'
import type { Environment } from './checking.ts'
import { compile } from './compile.ts'
import { fold } from './fold.ts'
import { natureOf } from './nature.ts'
import { isBuiltin } from './operator.table.ts'
import { parseExpr } from './parser.ts'
import type { State } from './runtime.ts'
import { ExprMistake, located } from './source-error.ts'
import { type VariablePath, variablesOf } from './variables.ts'

export interface ExprError {
  readonly error: string
}

interface EvaluateOptions {
  /** Milliseconds since 1970 for `now()`; without it `now()` is an error. */
  readonly now?: number
  /** Names that the environment lacks are nil instead of `unknown name x`. */
  readonly allowUndefined?: boolean
}

/** A read expression, to be evaluated as often as wanted. */
export interface ExprProgram {
  readonly source: string
  /** The paths that the expression reads from the environment. */
  readonly variables: readonly VariablePath[]
  /**
   * Checks the expression against the environment's types as upstream's compiler does, then runs it.
   * Ints are bigint, floats are number; undefined counts as nil.
   */
  evaluate(
    env: Readonly<Record<string, unknown>>,
    options?: EvaluateOptions,
  ): { readonly value: unknown } | ExprError
}

const none: ReadonlySet<string> = new Set()

/** Reads an expression of expr-lang v1.17.8; a syntax error comes back as the text that users see upstream. */
export function compileExpr(source: string): ExprProgram | ExprError {
  return guarded(source, () => {
    const tree = parseExpr(source, none)
    const names = namesIn(tree)
    const variants = new Map<string, Variant>()
    return {
      source,
      variables: variablesOf(tree),
      evaluate: (env, options = {}) => {
        const variant = variantFor({ source, tree, names, variants }, env, options)
        return 'error' in variant ? variant : run(source, variant, env, options)
      },
    }
  })
}

/** The program for one combination of types in the environment. */
type Variant = Compiled | ExprError

interface Compiled {
  readonly run: (state: State) => unknown
  readonly variables: number
}

interface Read {
  readonly source: string
  readonly tree: Node
  readonly names: readonly string[]
  readonly variants: Map<string, Variant>
}

// More combinations than this come only from a hostile environment; they are then checked each time.
const mostVariants = 64

function variantFor(
  read: Read,
  env: Readonly<Record<string, unknown>>,
  { allowUndefined = false }: EvaluateOptions,
): Variant {
  let key = allowUndefined ? '?' : '!'
  for (const name of read.names)
    key += `${Object.hasOwn(env, name) ? natureOf(env[name]).type : ''};`
  const known = read.variants.get(key)
  if (known) return known
  const environment: Environment = {
    allowUndefined,
    nature: (name) => (Object.hasOwn(env, name) ? natureOf(env[name]) : undefined),
  }
  const made = guarded(read.source, () => prepare(read, env, environment))
  if (read.variants.size < mostVariants) read.variants.set(key, made)
  return made
}

function prepare(
  { source, tree, names }: Read,
  env: Readonly<Record<string, unknown>>,
  environment: Environment,
): Compiled {
  // A name of the environment takes the place of a built-in of the same name.
  const overridden = names.filter((name) => isBuiltin(name) && Object.hasOwn(env, name))
  const checked = overridden.length === 0 ? tree : parseExpr(source, new Set(overridden))
  check(checked, environment)
  return compile(fold(checked))
}

function run(
  source: string,
  program: Compiled,
  env: Readonly<Record<string, unknown>>,
  { now }: EvaluateOptions,
): { readonly value: unknown } | ExprError {
  const state: State = {
    env,
    variables: program.variables === 0 ? noVariables : [],
    now,
    scope: undefined,
    at: start,
    memory: 0,
    steps: 0,
  }
  try {
    return { value: program.run(state) ?? null }
  } catch (mistake) {
    return { error: located(reason(mistake), state.at, source) }
  }
}

const start = { from: 0, to: 0 }
const noVariables: unknown[] = []

// Functions of the environment are not ours: whatever they throw is the expression's error.
function reason(mistake: unknown): string {
  if (mistake instanceof GoPanic) return mistake.message
  if (mistake instanceof RangeError) return 'expression is nested too deeply'
  return mistake instanceof Error ? mistake.message : String(mistake)
}

function guarded<T>(source: string, work: () => T): T | ExprError {
  try {
    return work()
  } catch (mistake) {
    if (mistake instanceof ExprMistake)
      return { error: located(mistake.message, mistake.at, source) }
    if (mistake instanceof RangeError) return { error: 'expression is nested too deeply' }
    throw mistake
  }
}

/** All names that the environment may have a say in; `$env.x` brings in `x`. */
function namesIn(tree: Node): readonly string[] {
  const names = new Set<string>()
  const pending = [tree]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'identifier' || node.kind === 'builtin' || node.kind === 'let')
      names.add(node.name)
    for (const name of throughEnv(node)) names.add(name)
    pending.push(...childrenOf(node))
  }
  return [...names]
}

function throughEnv(node: Node): readonly string[] {
  const [base, key] = node.kind === 'builtin' ? node.args : childrenOf(node)
  const isEnv = base?.kind === 'identifier' && base.name === '$env'
  return isEnv && key?.kind === 'string' ? [key.value] : []
}
