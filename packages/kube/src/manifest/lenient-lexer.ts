import { Lexer } from 'yaml'

type Tokens = Generator<string, unknown, unknown>

/** The members of `yaml`'s Lexer that its type declarations hide but its subclasses inherit. */
interface LexerInside {
  indentNext: number
  lex(source: string): Generator<string>
  parseQuotedScalar(): Tokens
  parseFlowCollection(): Tokens
}

// `yaml` marks these members private in its types only; the version is pinned and the tests notice a change.
const OpenLexer = Lexer as unknown as new () => LexerInside

/**
 * A lexer that lets the lines of a quoted scalar or a flow collection be indented less than their
 * key, as libyaml and go-yaml do (the YAML specification does not). With no indentation asked for,
 * only a document marker at the start of a line ends them early.
 */
export class LenientLexer extends OpenLexer {
  override parseQuotedScalar(): Tokens {
    return this.#unindented(super.parseQuotedScalar())
  }

  override parseFlowCollection(): Tokens {
    return this.#unindented(super.parseFlowCollection())
  }

  *#unindented(tokens: Tokens): Tokens {
    const asked = this.indentNext
    for (;;) {
      this.indentNext = 0
      const step = tokens.next()
      this.indentNext = asked
      if (step.done) return step.value
      yield step.value
    }
  }
}
