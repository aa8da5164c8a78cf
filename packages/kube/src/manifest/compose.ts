import { type Alias, Composer, type Document, Parser, visit } from 'yaml'
import { LenientLexer } from './lenient-lexer.ts'
import type { AnchorLookup } from './to-json.ts'

/** The documents of a text. Only the syntax: the meaning of scalars, tags, duplicates and merges is ours. */
export function* compose(text: string): Generator<Document.Parsed> {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, merge: false })
  const parser = new Parser()
  for (const lexeme of new LenientLexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield* composer.next(token)
  }
  for (const token of parser.end()) yield* composer.next(token)
  yield* composer.end()
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
