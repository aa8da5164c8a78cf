import { sprint } from '../go-format.ts'
import { floorSeconds, GoTime } from '../go-time/go-time.ts'
import { parseLayout } from '../go-time/parse-layout.ts'
import { GovaluateMistake, grammar, type Token, type TokenKind } from './token.ts'

/** Cuts an expression into govaluate's tokens; throws GovaluateMistake. */
export function tokenize(source: string): Token[] {
  const stream: Stream = { chars: Array.from(source), at: 0 }
  const tokens: Token[] = []
  let previous: TokenKind = 'UNKNOWN'
  for (;;) {
    while (isSpace(stream.chars[stream.at])) stream.at++
    if (stream.at >= stream.chars.length) break
    const token = readToken(stream, previous)
    tokens.push(token)
    previous = token.kind
  }
  return tokens
}

interface Stream {
  readonly chars: readonly string[]
  at: number
}

const isSpace = (char: string | undefined) => char !== undefined && /^[\s\u0085]$/.test(char)
const isNumeric = (char: string) => /^[\p{Nd}.]$/u.test(char)
const isName = (char: string) => /^[\p{L}\p{Nd}_.]$/u.test(char)
const isLetter = (char: string) => /^\p{L}$/u.test(char)
const isNotQuote = (char: string) => char !== "'" && char !== '"'
const isSymbol = (char: string) => !/^[\p{Nd}\p{L}()[\]'"]$/u.test(char)

function readToken(stream: Stream, previous: TokenKind): Token {
  const char = stream.chars[stream.at] ?? ''
  if (isNumeric(char)) return readNumber(stream)
  if (char === ',') return single(stream, 'SEPARATOR')
  if (char === '[') return readBracketed(stream)
  if (isLetter(char)) return readWord(stream)
  if (!isNotQuote(char)) return readText(stream)
  if (char === '(') return single(stream, 'CLAUSE')
  if (char === ')') return single(stream, 'CLAUSE_CLOSE')
  return readSymbol(stream, previous)
}

function single(stream: Stream, kind: TokenKind): Token {
  const text = stream.chars[stream.at++] ?? ''
  return { kind, text, value: text }
}

function readNumber(stream: Stream): Token {
  const { chars } = stream
  if (chars[stream.at] === '0' && chars[stream.at + 1] === 'x' && stream.at + 2 < chars.length) {
    stream.at += 2
    const text = readRun(stream, (char) => /^[\p{Nd}a-fA-F]$/u.test(char), 'break').text
    if (!/^[0-9a-fA-F]+$/.test(text) || BigInt(`0x${text}`) >= 1n << 64n)
      throw new GovaluateMistake(`Unable to parse hex value '${text}' to uint64\n`)
    return { kind: 'NUMERIC', text, value: Number(BigInt(`0x${text}`)) }
  }
  const { text } = readRun(stream, isNumeric, 'break')
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text) || Number(text) === Infinity)
    throw new GovaluateMistake(`Unable to parse numeric value '${text}' to float64\n`)
  return { kind: 'NUMERIC', text, value: Number(text) }
}

function readBracketed(stream: Stream): Token {
  stream.at++
  const { text, closed } = readRun(stream, (char) => char !== ']', 'keep')
  if (!closed) throw new GovaluateMistake('Unclosed parameter bracket')
  stream.at++
  return { kind: 'VARIABLE', text, value: text }
}

function readWord(stream: Stream): Token {
  const { text } = readRun(stream, isName, 'break')
  if (text === 'true' || text === 'false') return { kind: 'BOOLEAN', text, value: text === 'true' }
  if (text === 'in' || text === 'IN') return { kind: 'COMPARATOR', text: 'in', value: 'in' }
  if (text.indexOf('.') <= 0) return { kind: 'VARIABLE', text, value: text }
  if (text.endsWith('.')) throw new GovaluateMistake(`Hanging accessor on token '${text}'`)
  const hidden = text
    .split('.')
    .slice(1)
    .find((part) => firstChar(part).toUpperCase() !== firstChar(part))
  if (hidden !== undefined)
    throw new GovaluateMistake(`Unable to access unexported field '${hidden}' in token '${text}'`)
  return { kind: 'ACCESSOR', text, value: text }
}

const firstChar = (text: string) => Array.from(text)[0] ?? ''

const timeLayouts = [
  'Mon Jan _2 15:04:05 2006',
  'Mon Jan _2 15:04:05 MST 2006',
  'Mon Jan 02 15:04:05 -0700 2006',
  '3:04PM',
  '2006-01-02T15:04:05Z07:00',
  '2006-01-02T15:04:05.999999999Z07:00',
  '2006-01-02',
  '2006-01-02 15:04',
  '2006-01-02 15:04:05',
  '2006-01-02 15:04:05-07:00',
  '2006-01-02T15Z0700',
  '2006-01-02T15:04Z0700',
  '2006-01-02T15:04:05Z0700',
  '2006-01-02T15:04:05.999999999Z0700',
] as const

// Text that looks like a time becomes its Unix seconds, so that times compare as numbers.
function readText(stream: Stream): Token {
  stream.at++
  const { text, closed } = readRun(stream, isNotQuote, 'keep')
  if (!closed) throw new GovaluateMistake('Unclosed string literal')
  stream.at++
  if (/^(?:\d|Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(text)) {
    for (const layout of timeLayouts) {
      const time = parseLayout(layout, text)
      if (time instanceof GoTime)
        return { kind: 'TIME', text: sprint(time), value: floorSeconds(time.ns) }
    }
  }
  return { kind: 'STRING', text, value: text }
}

const prefixes = new Set(['-', '!', '~'])
const symbols: Readonly<Record<string, TokenKind>> = {
  '+': 'MODIFIER',
  '-': 'MODIFIER',
  '*': 'MODIFIER',
  '/': 'MODIFIER',
  '%': 'MODIFIER',
  '**': 'MODIFIER',
  '&': 'MODIFIER',
  '|': 'MODIFIER',
  '^': 'MODIFIER',
  '>>': 'MODIFIER',
  '<<': 'MODIFIER',
  '&&': 'LOGICALOP',
  '||': 'LOGICALOP',
  '==': 'COMPARATOR',
  '!=': 'COMPARATOR',
  '>': 'COMPARATOR',
  '>=': 'COMPARATOR',
  '<': 'COMPARATOR',
  '<=': 'COMPARATOR',
  '=~': 'COMPARATOR',
  '!~': 'COMPARATOR',
  '?': 'TERNARY',
  ':': 'TERNARY',
  '??': 'TERNARY',
}

function readSymbol(stream: Stream, previous: TokenKind): Token {
  const { text } = readRun(stream, isSymbol, 'break')
  if (prefixes.has(text) && grammar[previous].next.includes('PREFIX'))
    return { kind: 'PREFIX', text, value: text }
  const kind = Object.hasOwn(symbols, text) ? symbols[text] : undefined
  if (kind === undefined) throw new GovaluateMistake(`Invalid token: '${text}'`)
  return { kind, text, value: text }
}

/** Reads while `wanted`; a backslash takes the next character as it is; white space is kept, skipped or ends the run. */
function readRun(
  stream: Stream,
  wanted: (char: string) => boolean,
  whiteSpace: 'keep' | 'skip' | 'break',
): { readonly text: string; readonly closed: boolean } {
  let text = ''
  while (stream.at < stream.chars.length) {
    const char = stream.chars[stream.at++] ?? ''
    if (char === '\\') {
      text += afterBackslash(stream)
      continue
    }
    if (isSpace(char) && whiteSpace === 'break' && text !== '') return { text, closed: true }
    if (isSpace(char) && whiteSpace !== 'keep') continue
    if (!wanted(char)) {
      stream.at--
      return { text, closed: true }
    }
    text += char
  }
  return { text, closed: false }
}

function afterBackslash(stream: Stream): string {
  const { length } = stream.chars
  const char = stream.chars[stream.at++]
  if (char === undefined)
    throw new GovaluateMistake(
      `runtime error: index out of range [${length}] with length ${length}`,
    )
  return char
}
