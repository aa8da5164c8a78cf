import {
  anyOf,
  inRanges,
  negate,
  perlClass,
  posixClass,
  type Range,
  unicodeClass,
} from './classes.ts'
import { parseEscape } from './parse-escape.ts'
import type { PatternReader } from './reader.ts'
import { type CharTest, SyntaxMistake } from './syntax.ts'

/** The set of `[…]`, after its opening bracket; `fold` is how the caller widens a set before it is negated. */
export function parseClass(reader: PatternReader, fold: (test: CharTest) => CharTest): CharTest {
  const start = reader.at - 1
  const negated = reader.eat('^')
  const ranges: Range[] = []
  const sets: CharTest[] = []
  let first = true
  while (first || reader.peek() !== ']') {
    if (reader.done) throw new SyntaxMistake('missing closing ]', reader.pattern.slice(start))
    const set = namedSet(reader)
    if (set) sets.push(set)
    else ranges.push(range(reader, start))
    first = false
  }
  reader.next()
  const test = fold(anyOf([inRanges(ranges), ...sets]))
  return negated ? negate(test) : test
}

function range(reader: PatternReader, start: number): Range {
  const at = reader.at
  const lo = member(reader, start)
  if (!/^-(?!\])/.test(reader.rest())) return [lo, lo]
  reader.next()
  const hi = member(reader, start)
  if (hi < lo)
    throw new SyntaxMistake('invalid character class range', reader.pattern.slice(at, reader.at))
  return [lo, hi]
}

function member(reader: PatternReader, start: number): number {
  if (reader.done) throw new SyntaxMistake('missing closing ]', reader.pattern.slice(start))
  const char = reader.next()
  return char === '\\' ? parseEscape(reader) : (char.codePointAt(0) ?? 0)
}

function namedSet(reader: PatternReader): CharTest | undefined {
  const rest = reader.rest()
  const posix = /^\[:(.*?):\]/s.exec(rest)
  if (posix) return took(reader, posix[0], posixClass(posix[1] ?? ''))
  const perl = /^\\([dDsSwW])/.exec(rest)
  if (perl) return took(reader, perl[0], perlClass(perl[1] ?? ''))
  const unicode = /^\\([pP])(?:\{([^}]*)\}|(.))/su.exec(rest)
  if (!unicode) return undefined
  const [all, kind, braced, letter] = unicode
  const test = unicodeClass(braced ?? letter ?? '')
  return took(reader, all, test && kind === 'P' ? negate(test) : test)
}

function took(reader: PatternReader, text: string, test: CharTest | undefined): CharTest {
  if (!test) throw new SyntaxMistake('invalid character class range', text)
  reader.at += text.length
  return test
}
