import {
  type Alias,
  Composer,
  type Document,
  Parser,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import { LenientLexer } from './lenient-lexer.ts'
import type { AnchorLookup } from './to-json.ts'

/** The documents of a text. Only the syntax: the meaning of scalars, tags, duplicates and merges is ours. */
export function* compose(text: string): Generator<Document.Parsed> {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, merge: false })
  const parser = new Parser()
  let directive = false
  for (const lexeme of new LenientLexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      directive = token.type === 'directive' || (directive && token.type !== 'document')
      yield* composer.next(token)
    }
  }
  for (const token of parser.end()) yield* composer.next(token)
  // A text of directives alone would be nothing at all, and no mistake.
  for (const parsed of composer.end(directive, text.length)) {
    withoutLastBreak(parsed, text)
    yield parsed
  }
}

/** What is wrong with a document. A directive that nobody knows is a mistake for go-yaml. */
export function mistakeIn({
  errors,
  warnings,
}: Document.Parsed): YAMLParseError | YAMLWarning | undefined {
  return errors[0] ?? warnings.find(({ code }) => code === 'BAD_DIRECTIVE')
}

/** `yaml` ends a block scalar with a line break also where the text itself ends without one; go-yaml does not. */
function withoutLastBreak(parsed: Document.Parsed, text: string): void {
  if (text.slice(text.lastIndexOf('\n') + 1).trim() === '') return
  visit(parsed, {
    Scalar: (_, scalar) => {
      const isLast = scalar.range !== undefined && (scalar.range?.[1] ?? 0) >= text.length
      if (!isLast || !scalar.type?.startsWith('BLOCK') || typeof scalar.value !== 'string') return
      scalar.value = scalar.value.replace(/\n$/, '')
      if (scalar.source !== undefined) scalar.source = scalar.source.replace(/\n$/, '')
    },
  })
}

/** An alias means the last anchor of its name that stands before it; nothing is looked up before the first alias. */
export function anchorsOf(parsed: Document.Parsed): AnchorLookup {
  let targets: ReadonlyMap<Alias, unknown> | undefined
  return (alias) => {
    targets ??= targetsIn(parsed)
    return targets.get(alias)
  }
}

function targetsIn(parsed: Document.Parsed): Map<Alias, unknown> {
  const targets = new Map<Alias, unknown>()
  const anchors = new Map<string, unknown>()
  visit(parsed, {
    Alias: (_, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_, node) => {
      if (node.anchor) anchors.set(node.anchor, node)
    },
  })
  return targets
}
