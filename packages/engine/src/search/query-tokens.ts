import { type FieldName, fieldNames } from './fields.table.ts'
import { nearest } from './nearest.ts'
import type { QueryProblem } from './query.ts'

/** A piece of a search. */
export interface QueryToken {
  /** `text`: in quotes, and nothing but a text. */
  readonly kind: 'word' | 'text' | 'sign' | '(' | ')' | ','
  readonly value: string
  readonly at: number
  readonly end: number
}

export type Tokenized =
  | { readonly tokens: readonly QueryToken[] }
  | { readonly problem: QueryProblem; readonly tokens: readonly QueryToken[] }

const piece =
  /(?<space>\s+)|(?<sign>==|!=|!~|<=|>=|[=~<>])|(?<mark>[(),])|(?<word>(?:[^\s(),"'=~<>!]|!(?![=~]))+)/y

/** Cuts a search into its pieces; what came before a mistake is given too. */
export function tokenizeQuery(text: string): Tokenized {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < text.length) {
    const next = isQuote(text[at]) ? quoted(text, at) : plain(text, at, isValueNext(tokens))
    if ('problem' in next) return { problem: next.problem, tokens }
    tokens.push(...next.tokens)
    at = next.end
  }
  return { tokens }
}

/** What follows a sign is a value, whatever stands in it. */
function isValueNext(tokens: readonly QueryToken[]): boolean {
  return tokens.at(-1)?.kind === 'sign'
}

type Piece =
  | { readonly tokens: readonly QueryToken[]; readonly end: number }
  | { readonly problem: QueryProblem }

const isQuote = (char: string | undefined) => char === '"' || char === "'"

/** A backslash takes the next letter as it is. */
function quoted(text: string, at: number): Piece {
  const quote = text[at]
  let value = ''
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === quote) {
      return { tokens: [{ kind: 'text', value, at, end: end + 1 }], end: end + 1 }
    }
    if (text[end] === '\\' && end + 1 < text.length) end += 1
    value += text[end]
  }
  const message = `the quote ${quote} is not closed`
  const suggestion = `${text.slice(at)}${quote}`
  return { problem: { message, at, end: text.length, suggestion } }
}

function plain(text: string, at: number, isValue: boolean): Piece {
  piece.lastIndex = at
  const { space, sign, mark, word } = piece.exec(text)?.groups ?? {}
  if (space !== undefined) return { tokens: [], end: at + space.length }
  if (sign !== undefined) return one('sign', sign === '==' ? '=' : sign, at, sign.length)
  if (mark !== undefined) return one(mark as '(' | ')' | ',', mark, at, 1)
  if (word !== undefined) return isValue ? one('word', word, at, word.length) : splitWord(word, at)
  return { problem: { message: `${text[at]} is not expected here`, at, end: at + 1 } }
}

function one(kind: QueryToken['kind'], value: string, at: number, length: number): Piece {
  return { tokens: [{ kind, value, at, end: at + length }], end: at + length }
}

/** `status:failed` is a field, a sign and a value; `10:30` is a word. */
function splitWord(word: string, at: number): Piece {
  const colon = word.indexOf(':')
  if (colon <= 0) return one('word', word, at, word.length)
  const field = word.slice(0, colon)
  if (isField(field)) {
    const end = at + colon
    const tokens: QueryToken[] = [
      { kind: 'word', value: field, at, end },
      { kind: 'sign', value: ':', at: end, end: end + 1 },
    ]
    return { tokens, end: end + 1 }
  }
  const meant = nearest(field, fieldNames)
  if (meant === undefined) return one('word', word, at, word.length)
  const message = `there is no field ${field}: did you mean ${meant}? A text with a colon goes in quotes`
  return { problem: { message, at, end: at + colon, suggestion: meant } }
}

function isField(word: string): boolean {
  return fieldOf(word) !== undefined
}

/** `label.team` is the field `label` with the key `team`. */
export function fieldOf(
  word: string,
): { readonly field: FieldName; readonly key: string } | undefined {
  const dot = word.indexOf('.')
  const [head, key] = dot < 0 ? [word, ''] : [word.slice(0, dot), word.slice(dot + 1)]
  const field = fieldNames.find((name) => name === head.toLowerCase())
  if (field === undefined || (dot >= 0 && !isPair(field))) return undefined
  return { field, key }
}

const isPair = (field: FieldName) => ['label', 'param', 'parameter'].includes(field)
