import { sprint } from '../go-format.ts'
import { compileRegexp } from '../re2/regexp.ts'
import { run } from './evaluate.ts'
import { plan, type Stage } from './plan.ts'
import { GovaluateMistake, grammar, type Token, type TokenKind } from './token.ts'
import { tokenize } from './tokenize.ts'

/** Evaluates a govaluate expression with these parameters; numbers are float64. */
export function evaluateGovaluate(
  source: string,
  parameters: Readonly<Record<string, unknown>> = {},
): { readonly value: unknown } | { readonly error: string } {
  return guarded(() => {
    const stage = planned(tokenize(source))
    return stage ? run(stage, parameters) : undefined
  })
}

/**
 * Evaluates a `when` whose tags are already substituted: bare words are strings, the result must be a boolean.
 * An empty text is true.
 */
export function evaluateWhen(
  expression: string,
): { readonly value: boolean } | { readonly error: string } {
  if (expression === '') return { value: true }
  const tokens = guarded(() => {
    const found = tokenize(expression)
    planned(found)
    // What follows a pattern is judged once more: it allows less than text does.
    return withPatterns(found)
  })
  if ('error' in tokens) {
    const hint = tokens.error.includes('Invalid token')
      ? ' (hint: try wrapping the affected expression in quotes ("))'
      : ''
    return { error: `Invalid 'when' expression '${expression}': ${tokens.error}${hint}` }
  }
  const stage = guarded(() => planned(tokens.value.map(wordAsText)))
  if ('error' in stage)
    return { error: `Failed to parse 'when' expression '${expression}': ${stage.error}` }
  const result = guarded(() => (stage.value ? run(stage.value, {}) : undefined))
  // argo: the message in shouldExecute is misspelt like this.
  if ('error' in result)
    return { error: `Failed to evaluate 'when' expresion '${expression}': ${result.error}` }
  if (typeof result.value !== 'boolean')
    return { error: `Expected boolean evaluation for '${expression}'. Got ${sprint(result.value)}` }
  return { value: result.value }
}

function wordAsText(token: Token): Token {
  return token.kind === 'VARIABLE' ? { ...token, kind: 'STRING' } : token
}

function guarded<T>(work: () => T): { readonly value: T } | { readonly error: string } {
  try {
    return { value: work() }
  } catch (mistake) {
    if (mistake instanceof GovaluateMistake) return { error: mistake.message }
    if (mistake instanceof RangeError) return { error: 'the expression is nested too deeply' }
    throw mistake
  }
}

function planned(tokens: readonly Token[]): Stage | undefined {
  checkBalance(tokens)
  checkGrammar(tokens)
  return plan(withPatterns(tokens))
}

function checkBalance(tokens: readonly Token[]): void {
  let open = 0
  for (const { kind } of tokens) {
    if (kind === 'CLAUSE') open++
    if (kind === 'CLAUSE_CLOSE') open--
  }
  if (open !== 0) throw new GovaluateMistake('Unbalanced parenthesis')
}

function checkGrammar(tokens: readonly Token[]): void {
  let previous: TokenKind = 'UNKNOWN'
  let last: Token | undefined
  for (const token of tokens) {
    if (!grammar[previous].next.includes(token.kind)) {
      if (last?.kind === 'VARIABLE' && token.kind === 'CLAUSE')
        throw new GovaluateMistake(`Undefined function ${last.text}`)
      throw new GovaluateMistake(
        `Cannot transition token types from ${previous} [${last ? shown(last) : '<nil>'}] to ${token.kind} [${shown(token)}]`,
      )
    }
    previous = token.kind
    last = token
  }
  if (!grammar[previous].mayEnd) throw new GovaluateMistake('Unexpected end of expression')
}

function shown(token: Token): string {
  // Parentheses are runes there, and %v writes a rune as its number.
  if (token.kind === 'CLAUSE') return '40'
  if (token.kind === 'CLAUSE_CLOSE') return '41'
  if (token.kind === 'ACCESSOR') return `[${token.text.split('.').join(' ')}]`
  return token.kind === 'NUMERIC' ? sprint(token.value) : token.text
}

// The constant right of =~ is compiled once, and its mistakes are found before anything is evaluated.
function withPatterns(tokens: readonly Token[]): readonly Token[] {
  return tokens.map((token, index) => {
    const operator = tokens[index - 1]
    const isPattern = operator?.kind === 'COMPARATOR' && /^[=!]~$/.test(operator.text)
    if (!isPattern || token.kind !== 'STRING') return token
    const compiled = compileRegexp(token.text)
    if ('error' in compiled) throw new GovaluateMistake(compiled.error)
    return { ...token, kind: 'PATTERN', value: compiled }
  })
}
