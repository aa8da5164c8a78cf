import { JsonPathMistake } from './node.ts'

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

const escapeSequence = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/su

/** The text in single or double quotes, with Go's escapes. */
export function unquote(quoted: string): string {
  const quote = quoted[0] ?? ''
  let rest = quoted.slice(1, -1)
  if (!rest.includes('\\') && !rest.includes(quote)) return rest
  let text = ''
  while (rest !== '') {
    const found = rest[0] === '\\' ? escapeSequence.exec(rest) : /^[^\\]/su.exec(rest)
    const char = found && (rest[0] === '\\' ? escaped(found, quote) : plain(found[0], quote))
    if (!found || char === undefined || char === null) {
      throw new JsonPathMistake(`unquote string ${quoted} error invalid syntax`)
    }
    text += char
    rest = rest.slice(found[0].length)
  }
  return text
}

function plain(char: string, quote: string): string | undefined {
  return char === quote ? undefined : char
}

function escaped(found: RegExpExecArray, quote: string): string | undefined {
  const [, byte, short, long, octal, letter] = found
  const hex = byte ?? short ?? long
  if (hex !== undefined) return codePoint(Number.parseInt(hex, 16))
  if (octal !== undefined) return codePoint(Number.parseInt(octal, 8))
  return letter === quote ? quote : simple[letter ?? '']
}

function codePoint(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
