/** Says whether a code point belongs to a set. */
export type CharTest = (code: number) => boolean

export type Assertion =
  | 'lineStart'
  | 'lineEnd'
  | 'textStart'
  | 'textEnd'
  | 'wordBoundary'
  | 'noWordBoundary'

/** A parsed regular expression. */
export type Regex =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'cat'; readonly parts: readonly Regex[] }
  | { readonly kind: 'alt'; readonly parts: readonly Regex[] }
  | { readonly kind: 'group'; readonly body: Regex; readonly index: number }
  | Repeat

export interface Repeat {
  readonly kind: 'repeat'
  readonly body: Regex
  readonly min: number
  /** -1 means without limit. */
  readonly max: number
  readonly greedy: boolean
}

/** A mistake in a pattern; thrown inside this room only. */
export class SyntaxMistake extends Error {
  constructor(problem: string, at: string) {
    super(`error parsing regexp: ${problem}: \`${at}\``)
  }
}
