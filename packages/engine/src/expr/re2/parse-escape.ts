import type { PatternReader } from './reader.ts'
import { SyntaxMistake } from './syntax.ts'

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** The code point of an escape, after its backslash. */
export function parseEscape(reader: PatternReader): number {
  const start = reader.at
  if (reader.done) throw new SyntaxMistake('trailing backslash at end of expression', '')
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(reader.rest())?.[0]
  if (octal !== undefined) {
    reader.at += octal.length
    return Number.parseInt(octal, 8)
  }
  const hex = /^x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(reader.rest())
  const code = hex ? Number.parseInt(hex[1] ?? hex[2] ?? '', 16) : -1
  if (hex && code <= 0x10ffff) {
    reader.at += hex[0].length
    return code
  }
  const char = reader.next()
  const control = Object.hasOwn(controls, char) ? controls[char] : undefined
  if (control !== undefined) return control
  if (/^[!-/:-@[-`{-~]$/.test(char)) return char.charCodeAt(0)
  const shown = char === 'x' ? reader.next() : ''
  throw new SyntaxMistake(
    'invalid escape sequence',
    `\\${reader.pattern.slice(start, start + char.length)}${shown}`,
  )
}
