import type { Node } from './ast.ts'
import { Lexer, type Token, type TokenKind, tokenText } from './lexer.ts'
import { ExprMistake, type Location } from './source-error.ts'

// Upstream's own budget; it also bounds how deep a tree can be.
const mostNodes = 10_000
const deepest = 700

/** What the pieces of the parser share: the current token, the budget and the way back to the top. */
export class Cursor {
  current: Token
  /** How many predicates surround the current token. */
  predicates = 0
  /** Built-ins that the environment replaces by its own names. */
  readonly overridden: ReadonlySet<string>
  readonly #lexer: Lexer
  #stash: Token | undefined
  #nodes = 0
  #depth = 0

  constructor(source: string, overridden: ReadonlySet<string>) {
    this.overridden = overridden
    this.#lexer = new Lexer(source)
    this.current = this.#lexer.next()
  }

  next(): Token {
    const passed = this.current
    const stashed = this.#stash
    this.#stash = undefined
    if (stashed) this.current = stashed
    else if (passed.kind === 'EOF') this.fail('unexpected end of expression')
    else this.current = this.#lexer.next()
    return passed
  }

  /** Goes one token back to `token`, which was the current one before. */
  back(token: Token): void {
    this.#stash = this.current
    this.current = token
  }

  is(kind: TokenKind, value?: string): boolean {
    return this.current.kind === kind && (value === undefined || this.current.value === value)
  }

  expect(kind: TokenKind, value?: string): Token {
    if (!this.is(kind, value)) this.unexpected()
    return this.next()
  }

  eat(kind: TokenKind, value: string): boolean {
    if (!this.is(kind, value)) return false
    this.next()
    return true
  }

  unexpected(token = this.current): never {
    this.fail(`unexpected token ${tokenText(token)}`, token.at)
  }

  fail(message: string, at: Location = this.current.at): never {
    throw new ExprMistake(at, message)
  }

  /** Counts a node against the budget. */
  node<N extends Node>(node: N): N {
    this.count()
    return node
  }

  count(): void {
    if (++this.#nodes > mostNodes)
      this.fail('compilation failed: expression exceeds maximum allowed nodes')
  }

  /** Runs a piece of the parser one level deeper. */
  deeper<T>(parse: () => T): T {
    if (++this.#depth > deepest) this.fail('expression is nested too deeply')
    const result = parse()
    this.#depth--
    return result
  }
}
