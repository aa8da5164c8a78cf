import { isPrintable, quote } from '../go-quote.ts'
import { unescapeBytes, unescapeText } from './escapes.ts'
import { ExprMistake, type Location } from './source-error.ts'

export type TokenKind =
  | 'Identifier'
  | 'Number'
  | 'String'
  | 'Bytes'
  | 'Operator'
  | 'Bracket'
  | 'EOF'

export interface Token {
  readonly kind: TokenKind
  readonly value: string
  readonly bytes?: Uint8Array
  readonly at: Location
}

/** As error texts show a token. */
export function tokenText(token: Token): string {
  return token.value === '' ? token.kind : `${token.kind}(${quote(token.value)})`
}

/** Hands out tokens one by one; a lexical mistake is thrown when it is reached. */
export class Lexer {
  readonly #chars: readonly string[]
  readonly #ready: Token[] = []
  #start = 0
  #end = 0

  constructor(source: string) {
    this.#chars = Array.from(source)
  }

  next(): Token {
    while (this.#ready.length === 0) this.#scan()
    return this.#ready.shift() ?? this.#token('EOF', '')
  }

  #scan(): void {
    const char = this.#chars[this.#end++]
    if (char === undefined) {
      this.#end--
      const from = Math.max(0, this.#end - 1)
      this.#ready.push({ kind: 'EOF', value: '', at: { from, to: this.#end } })
      return
    }
    if (isSpace(char)) this.#start = this.#end
    else if (char === "'" || char === '"') this.#quoted(char)
    else if (char === '`') this.#raw()
    else if ((char === 'b' || char === 'B') && /^['"]$/.test(this.#peek())) this.#bytes()
    else if (/^[0-9]$/.test(char)) this.#number()
    else if (!this.#symbol(char)) this.#word(char)
  }

  /** Everything made of signs; false when the character begins a word. */
  #symbol(char: string): boolean {
    const second = followers[char]
    if (char === '/' && /^[/*]$/.test(this.#peek())) this.#comment()
    else if (char === '#') this.#pointer()
    else if (char === '.' && /^[0-9]$/.test(this.#peek())) this.#fraction()
    else if ('([{}])'.includes(char)) this.#emit('Bracket')
    else if (second !== undefined) {
      const next = this.#peek()
      if (next !== '' && second.includes(next)) this.#end++
      this.#emit('Operator')
    } else return false
    return true
  }

  #peek(): string {
    return this.#chars[this.#end] ?? ''
  }

  #text(): string {
    return this.#chars.slice(this.#start, this.#end).join('')
  }

  #token(kind: TokenKind, value: string, bytes?: Uint8Array): Token {
    const at = { from: this.#start, to: this.#end }
    return bytes === undefined ? { kind, value, at } : { kind, value, bytes, at }
  }

  #emit(kind: TokenKind, value = this.#text(), bytes?: Uint8Array): void {
    this.#ready.push(this.#token(kind, value, bytes))
    this.#start = this.#end
  }

  #fail(message: string, atEnd = false): never {
    const end = this.#end + (atEnd ? 1 : 0)
    throw new ExprMistake({ from: end - 1, to: end }, message)
  }

  #quoted(mark: string): void {
    this.#skipQuoted(mark)
    const text = unescapeText(this.#chars.slice(this.#start + 1, this.#end - 1))
    if (typeof text !== 'string') this.#fail(text.error)
    else this.#emit('String', text)
  }

  #bytes(): void {
    const mark = this.#chars[this.#end++] ?? ''
    this.#skipQuoted(mark)
    const bytes = unescapeBytes(this.#chars.slice(this.#start + 2, this.#end - 1))
    if ('error' in bytes) this.#fail(bytes.error)
    else this.#emit('Bytes', new TextDecoder().decode(bytes), bytes)
  }

  #skipQuoted(mark: string): void {
    for (;;) {
      const char = this.#chars[this.#end++]
      if (char === undefined) {
        this.#end--
        this.#fail('literal not terminated', true)
      }
      if (char === mark) return
      if (char === '\n') this.#fail('literal not terminated')
      if (char === '\\') this.#skipEscape(mark)
    }
  }

  #skipEscape(mark: string): void {
    const char = this.#chars[this.#end++] ?? ''
    if (char !== '' && `abfnrtv\\${mark}`.includes(char)) return
    const digits = escapeDigits(char, this.#peek())
    if (digits === undefined) {
      if (char === '') this.#end--
      this.#fail('invalid char escape', char === '')
    }
    const rest = this.#chars.slice(this.#end, this.#end + 9).join('')
    const match = digits.exec(rest)
    if (!match) {
      // The blame falls on the first character that does not fit.
      this.#end += (/^\{?[0-9a-fA-F]*/.exec(rest)?.[0].length ?? 0) + (rest[0] === '{' ? 0 : 1)
      this.#fail('invalid char escape')
    }
    this.#end += match[0].length
  }

  #raw(): void {
    let text = ''
    for (;;) {
      const char = this.#chars[this.#end++]
      if (char === undefined) {
        this.#end--
        this.#fail('literal not terminated', true)
      }
      if (char === '`' && this.#peek() !== '`') break
      if (char === '`') this.#end++
      text += char
    }
    this.#emit('String', text)
  }

  // Upstream reads a number after the dot: `.5.1` is one token, and no number.
  #fraction(): void {
    this.#end++
    this.#number()
  }

  #number(): void {
    this.#end--
    const digits = this.#base()
    this.#run(digits)
    if (this.#peek() === '.' && this.#chars[this.#end + 1] !== '.') {
      this.#end++
      this.#run(digits)
    } else if (this.#peek() === '.') {
      this.#emit('Number')
      return
    }
    if (/^[eE]$/.test(this.#peek())) {
      this.#end++
      if (/^[+-]$/.test(this.#peek())) this.#end++
      this.#run(digits)
    }
    if (isAlphaNumeric(this.#peek())) {
      this.#end++
      this.#fail(`bad number syntax: ${quote(this.#text())}`)
    }
    this.#emit('Number')
  }

  #base(): RegExp {
    if (this.#peek() !== '0') return /^[0-9_]$/
    const digits = bases[(this.#chars[this.#end + 1] ?? '').toLowerCase()]
    this.#end += digits ? 2 : 1
    return digits ?? /^[0-9_]$/
  }

  #run(wanted: RegExp): void {
    while (wanted.test(this.#peek())) this.#end++
  }

  #comment(): void {
    if (this.#peek() === '/') {
      while (this.#end < this.#chars.length && this.#chars[this.#end++] !== '\n');
      this.#start = this.#end
      return
    }
    this.#end++
    while (!(this.#chars[this.#end] === '*' && this.#chars[this.#end + 1] === '/')) {
      if (this.#end++ >= this.#chars.length) {
        this.#end = this.#chars.length
        this.#fail('unclosed comment', true)
      }
    }
    this.#end += 2
    this.#start = this.#end
  }

  #pointer(): void {
    if (this.#peek() === '#') this.#end++
    this.#emit('Operator')
    while (isAlphaNumeric(this.#peek())) this.#end++
    if (this.#end > this.#start) this.#emit('Identifier')
  }

  #word(first: string): void {
    if (!isAlphaNumeric(first)) {
      const code = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      const shown = isPrintable(first) ? ` '${first}'` : ''
      this.#fail(`unrecognized character: U+${code}${shown}`)
    }
    while (isAlphaNumeric(this.#peek())) this.#end++
    const word = this.#text()
    this.#emit(wordOperators.has(word) ? 'Operator' : 'Identifier')
    if (word === 'not') this.#afterNot()
  }

  // `not in` and its kind: the second word is an operator too.
  #afterNot(): void {
    while (this.#peek() === ' ') this.#end++
    this.#start = this.#end
    while (isAlphaNumeric(this.#peek())) this.#end++
    if (negatable.has(this.#text())) this.#emit('Operator')
    else this.#end = this.#start
  }
}

/** Signs that form operators, and what may follow each of them in one token. */
const followers: Readonly<Record<string, string>> = {
  '|': '|',
  ':': ':',
  '?': '.?',
  '.': '.',
  '/': '',
  ',': '',
  ';': '',
  '%': '',
  '+': '',
  '-': '',
  '^': '',
  '&': '&=*',
  '!': '&=*',
  '=': '&=*',
  '*': '&=*',
  '<': '&=*',
  '>': '&=*',
}

const bases: Readonly<Record<string, RegExp>> = {
  x: /^[0-9a-fA-F_]$/,
  o: /^[0-7_]$/,
  b: /^[01_]$/,
}

const negatable: ReadonlySet<string> = new Set([
  'in',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
])
const wordOperators: ReadonlySet<string> = new Set([
  ...negatable,
  'not',
  'or',
  'and',
  'let',
  'if',
  'else',
])

function escapeDigits(char: string, next: string): RegExp | undefined {
  if (/^[0-7]$/.test(char)) return /^[0-7]{2}/
  if (char === 'x') return /^[0-9a-fA-F]{2}/
  if (char === 'u') return next === '{' ? /^\{[0-9a-fA-F]{1,6}\}/ : /^[0-9a-fA-F]{4}/
  return char === 'U' ? /^[0-9a-fA-F]{8}/ : undefined
}

const isSpace = (char: string) =>
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(char)

export function isAlphabetic(char: string): boolean {
  return /^[\p{L}_$]$/u.test(char)
}

export function isAlphaNumeric(char: string): boolean {
  return /^[\p{L}\p{Nd}_$]$/u.test(char)
}
