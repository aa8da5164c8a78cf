import { quoteRune, utf8 } from './go-quote.ts'

/** Why Go's json.Unmarshal refuses this text (which JSON.parse refused too). */
export function jsonMistake(source: string): string {
  const scanner: Scanner = { source, at: 0 }
  try {
    space(scanner)
    value(scanner)
    space(scanner)
    if (scanner.at < source.length) throw new Stop(shown(scanner, 'after top-level value'))
  } catch (stop) {
    if (stop instanceof Stop) return stop.message
    return 'exceeded max depth'
  }
  return 'unexpected end of JSON input'
}

interface Scanner {
  readonly source: string
  at: number
}

class Stop extends Error {}

function shown({ source, at }: Scanner, context: string): string {
  // Go's scanner ends its input with a space, which only some places take as a mistake.
  const code = utf8(source.slice(at, at + 2))[0] ?? (inToken.test(context) ? 32 : undefined)
  if (code === undefined) return 'unexpected end of JSON input'
  const char = code === 39 ? `'\\''` : code === 34 ? `'"'` : quoteRune(code)
  return `invalid character ${char} ${context}`
}

const inToken = /literal|escape/

function fail(scanner: Scanner, context: string): never {
  throw new Stop(shown(scanner, context))
}

function space(scanner: Scanner): void {
  while (/^[ \t\r\n]$/.test(scanner.source[scanner.at] ?? '')) scanner.at++
}

function value(scanner: Scanner): void {
  const char = scanner.source[scanner.at] ?? ''
  if (char === '{') object(scanner)
  else if (char === '[') array(scanner)
  else if (char === '"') text(scanner)
  else if (/^[-0-9]$/.test(char)) number(scanner)
  else word(scanner)
}

const words = { t: 'true', f: 'false', n: 'null' } as const

function word(scanner: Scanner): void {
  const first = scanner.source[scanner.at] ?? ''
  const wanted = Object.hasOwn(words, first) ? words[first as keyof typeof words] : undefined
  if (wanted === undefined) fail(scanner, 'looking for beginning of value')
  for (const char of wanted) {
    if (scanner.source[scanner.at] !== char)
      fail(scanner, `in literal ${wanted} (expecting '${char}')`)
    scanner.at++
  }
}

function text(scanner: Scanner): void {
  scanner.at++
  for (;;) {
    const char = scanner.source[scanner.at]
    if (char === undefined) fail(scanner, 'in string')
    if (char === '"') break
    if (char < ' ') fail(scanner, 'in string literal')
    scanner.at++
    if (char === '\\') escaped(scanner)
  }
  scanner.at++
}

function escaped(scanner: Scanner): void {
  const char = scanner.source[scanner.at] ?? ''
  if (char === 'u') {
    scanner.at++
    for (let i = 0; i < 4; i++, scanner.at++) {
      if (!/^[0-9a-fA-F]$/.test(scanner.source[scanner.at] ?? ''))
        fail(scanner, 'in \\u hexadecimal character escape')
    }
    return
  }
  if (!/^["\\/bfnrt]$/.test(char)) fail(scanner, 'in string escape code')
  scanner.at++
}

function number(scanner: Scanner): void {
  const digits = (context: string) => {
    if (!/^[0-9]$/.test(scanner.source[scanner.at] ?? '')) fail(scanner, context)
    while (/^[0-9]$/.test(scanner.source[scanner.at] ?? '')) scanner.at++
  }
  if (scanner.source[scanner.at] === '-') scanner.at++
  if (scanner.source[scanner.at] === '0') scanner.at++
  else digits('in numeric literal')
  if (scanner.source[scanner.at] === '.') {
    scanner.at++
    digits('after decimal point in numeric literal')
  }
  if (/^[eE]$/.test(scanner.source[scanner.at] ?? '')) {
    scanner.at++
    if (/^[-+]$/.test(scanner.source[scanner.at] ?? '')) scanner.at++
    digits('in exponent of numeric literal')
  }
}

function object(scanner: Scanner): void {
  scanner.at++
  space(scanner)
  if (scanner.source[scanner.at] === '}') {
    scanner.at++
    return
  }
  for (;;) {
    if (scanner.source[scanner.at] !== '"')
      fail(scanner, 'looking for beginning of object key string')
    text(scanner)
    space(scanner)
    if (scanner.source[scanner.at] !== ':') fail(scanner, 'after object key')
    scanner.at++
    space(scanner)
    value(scanner)
    if (!more(scanner, '}', 'after object key:value pair')) return
  }
}

function array(scanner: Scanner): void {
  scanner.at++
  space(scanner)
  if (scanner.source[scanner.at] === ']') {
    scanner.at++
    return
  }
  for (;;) {
    value(scanner)
    if (!more(scanner, ']', 'after array element')) return
  }
}

function more(scanner: Scanner, close: string, context: string): boolean {
  space(scanner)
  const char = scanner.source[scanner.at]
  if (char !== ',' && char !== close) fail(scanner, context)
  scanner.at++
  space(scanner)
  return char === ','
}
