const encoder = new TextEncoder()

const named: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

/** Go's strconv.Quote. */
export function quote(text: string): string {
  return `"${escaped(text, '"')}"`
}

/** Go's strconv.QuoteToASCII. */
export function quoteToAscii(text: string): string {
  const ascii = escaped(text, '"').replace(/[^\u0000-\u007f]/gu, unicodeEscape)
  return `"${ascii}"`
}

/** Go's strconv.QuoteRune. */
export function quoteRune(code: number): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return `'${escaped(String.fromCodePoint(valid ? code : 0xfffd), "'")}'`
}

function escaped(text: string, mark: string): string {
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return text
  let out = ''
  for (const char of text) {
    if (char === mark) out += `\\${char}`
    else out += named[char] ?? (isPrintable(char) ? char : escapeOne(char))
  }
  return out
}

function escapeOne(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  return unicodeEscape(char)
}

function unicodeEscape(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

/** Go's strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(char: string): boolean {
  return char === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char)
}

/** Text as UTF-8; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}
