import { folded, ignoringCase, negate, perlClass, unicodeClass } from './classes.ts'
import { parseClass } from './parse-class.ts'
import { parseEscape } from './parse-escape.ts'
import { PatternReader } from './reader.ts'
import { type Assertion, type CharTest, type Regex, SyntaxMistake } from './syntax.ts'

/** A pattern's tree and the names of its groups ('' for a group without a name; 0 is the whole). */
export interface Parsed {
  readonly tree: Regex
  readonly names: readonly string[]
}

/** Reads Go regular expression syntax; throws SyntaxMistake. */
export function parseRegex(pattern: string): Parsed {
  const state: State = { reader: new PatternReader(pattern), names: [''], depth: 0 }
  const tree = alternatives(state, { i: false, m: false, s: false, U: false })
  if (!state.reader.done) throw new SyntaxMistake('unexpected )', pattern)
  return { tree, names: state.names }
}

interface State {
  readonly reader: PatternReader
  readonly names: string[]
  depth: number
}

interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly U: boolean
}

const empty: Regex = { kind: 'empty' }

function alternatives(state: State, flags: Flags): Regex {
  const { reader } = state
  if (++state.depth > 1000) throw new SyntaxMistake('expression nests too deeply', reader.pattern)
  const parts: Regex[] = []
  let current = flags
  let branch: Regex[] = []
  while (!reader.done && reader.peek() !== ')') {
    if (reader.eat('|')) {
      parts.push(joined(branch))
      branch = []
      continue
    }
    const changed = flagGroup(state, current)
    if (changed) {
      current = changed
      repeatLast(state, current, branch)
    } else sequenceItem(state, current, branch)
  }
  parts.push(joined(branch))
  state.depth--
  return parts.length === 1 ? (parts[0] ?? empty) : { kind: 'alt', parts }
}

function joined(parts: readonly Regex[]): Regex {
  return parts.length === 1 ? (parts[0] ?? empty) : { kind: 'cat', parts }
}

function sequenceItem(state: State, flags: Flags, branch: Regex[]): void {
  const { reader } = state
  if (reader.eat('\\Q')) {
    const end = reader.pattern.indexOf('\\E', reader.at)
    const text = reader.pattern.slice(reader.at, end < 0 ? undefined : end)
    reader.at += text.length + (end < 0 ? 0 : 2)
    for (const char of text) branch.push(literal(char.codePointAt(0) ?? 0, flags))
    repeatLast(state, flags, branch)
    return
  }
  branch.push(repeated(reader, flags, atom(state, flags)))
}

/** What a repetition means that stands behind flags or behind `\\Q…\\E`: the last item before them. */
function repeatLast({ reader }: State, flags: Flags, branch: Regex[]): void {
  const last = branch.at(-1)
  if (last !== undefined) branch[branch.length - 1] = repeated(reader, flags, last)
}

const operators = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/

function repeated(reader: PatternReader, flags: Flags, first: Regex): Regex {
  let body = first
  let before = -1
  while (!reader.done) {
    const match = operators.exec(reader.rest())
    if (!match) return body
    const at = reader.at
    const [text, low, comma, high] = match
    if (before >= 0) {
      const end = reader.pattern[at + text.length] === '?' ? 1 : 0
      throw new SyntaxMistake(
        'invalid nested repetition operator',
        reader.pattern.slice(before, at + text.length + end),
      )
    }
    before = at
    reader.at += text.length
    const lazy = reader.eat('?')
    const [min, max] = bounds(text, low, comma, high)
    if (isOversized([min, max]) || copies(body) * Math.max(min, max, 1) > 1000)
      throw new SyntaxMistake('invalid repeat count', text)
    body = { kind: 'repeat', body, min, max, greedy: lazy === flags.U }
  }
  return body
}

function isOversized([min, max]: readonly [number, number]): boolean {
  return min > 1000 || max > 1000 || (max >= 0 && min > max)
}

function bounds(text: string, low?: string, comma?: string, high?: string): [number, number] {
  if (low === undefined) return text === '*' ? [0, -1] : text === '+' ? [1, -1] : [0, 1]
  const min = Number(low)
  if (comma === undefined) return [min, min]
  return [min, high === '' || high === undefined ? -1 : Number(high)]
}

/** How often counted repetitions inside would copy their body. */
function copies(tree: Regex): number {
  switch (tree.kind) {
    case 'repeat':
      return Math.max(tree.min, tree.max, 1) * copies(tree.body)
    case 'group':
      return copies(tree.body)
    case 'cat':
    case 'alt':
      return Math.max(1, ...tree.parts.map(copies))
    default:
      return 1
  }
}

function atom(state: State, flags: Flags): Regex {
  const { reader } = state
  const char = reader.next()
  switch (char) {
    case '(':
      return group(state, flags)
    case '[':
      return { kind: 'char', test: parseClass(reader, (set) => withCase(set, flags)) }
    case '.':
      return { kind: 'char', test: flags.s ? () => true : (code) => code !== 10 }
    case '^':
      return assert(flags.m ? 'lineStart' : 'textStart')
    case '$':
      return assert(flags.m ? 'lineEnd' : 'textEnd')
    case '\\':
      return escaped(reader, flags)
    case '*':
    case '+':
    case '?':
      throw new SyntaxMistake('missing argument to repetition operator', char + lazyMark(reader))
    default:
      return brace(reader, char, flags)
  }
}

function brace(reader: PatternReader, char: string, flags: Flags): Regex {
  const counted = char === '{' ? operators.exec(char + reader.rest()) : null
  if (counted) {
    const [text, low, comma, high] = counted
    reader.at += text.length - 1
    const shown = text + lazyMark(reader)
    if (isOversized(bounds(text, low, comma, high)))
      throw new SyntaxMistake('invalid repeat count', shown)
    throw new SyntaxMistake('missing argument to repetition operator', shown)
  }
  return literal(char.codePointAt(0) ?? 0, flags)
}

function lazyMark(reader: PatternReader): string {
  return reader.peek() === '?' ? '?' : ''
}

function assert(assertion: Assertion): Regex {
  return { kind: 'assert', assertion }
}

function literal(code: number, flags: Flags): Regex {
  if (!flags.i) return { kind: 'literal', code }
  const low = folded(code)
  return { kind: 'char', test: (c) => folded(c) === low }
}

function withCase(test: CharTest, flags: Flags): CharTest {
  return flags.i ? ignoringCase(test) : test
}

const flagSyntax = /^\(\?([imsU]*)(-[imsU]+)?\)/

/** `(?i)` in the middle of a sequence: the flags from here on. */
function flagGroup({ reader }: State, flags: Flags): Flags | undefined {
  const match = reader.peek() === '(' ? flagSyntax.exec(reader.rest()) : null
  if (!match || match[0] === '(?)') return undefined
  reader.at += match[0].length
  return switched(flags, match[1] ?? '', match[2] ?? '')
}

function switched(flags: Flags, on: string, off: string): Flags {
  const is = (flag: keyof Flags) => (flags[flag] || on.includes(flag)) && !off.includes(flag)
  return { i: is('i'), m: is('m'), s: is('s'), U: is('U') }
}

function group(state: State, flags: Flags): Regex {
  const { reader } = state
  const rest = reader.rest()
  if (!rest.startsWith('?')) return capture(state, flags, '')
  const named = /^\?P?<([^>]*)>/.exec(rest)
  if (named && /^\?P?<(?![=!])/.test(rest)) {
    const [all, name = ''] = named
    if (!/^\w+$/.test(name)) throw new SyntaxMistake('invalid named capture', `(${all}`)
    reader.at += all.length
    return capture(state, flags, name)
  }
  if (/^\?P?<(?![=!])/.test(rest)) throw new SyntaxMistake('invalid named capture', `(${rest}`)
  const plain = /^\?([imsU]*)(-[imsU]+)?:/.exec(rest)
  if (!plain) throw badGroup(reader)
  reader.at += plain[0].length
  const body = alternatives(state, switched(flags, plain[1] ?? '', plain[2] ?? ''))
  return closed(reader, body)
}

function badGroup(reader: PatternReader): SyntaxMistake {
  const rest = reader.rest()
  const known = /^\?[imsU-]*/.exec(rest)?.[0] ?? '?'
  if (known.length === rest.length) return new SyntaxMistake('missing closing )', reader.pattern)
  const shown = `(${rest.slice(0, known.length + 1)}`
  return new SyntaxMistake('invalid or unsupported Perl syntax', shown)
}

function capture(state: State, flags: Flags, name: string): Regex {
  const index = state.names.push(name) - 1
  const body = closed(state.reader, alternatives(state, flags))
  return { kind: 'group', body, index }
}

function closed<T>(reader: PatternReader, body: T): T {
  if (!reader.eat(')')) throw new SyntaxMistake('missing closing )', reader.pattern)
  return body
}

const assertions: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  z: 'textEnd',
  b: 'wordBoundary',
  B: 'noWordBoundary',
}

function escaped(reader: PatternReader, flags: Flags): Regex {
  const letter = reader.peek()
  const assertion = assertions[letter]
  if (assertion) {
    reader.next()
    return assert(assertion)
  }
  const set = escapedClass(reader)
  if (set) return { kind: 'char', test: withCase(set, flags) }
  return literal(parseEscape(reader), flags)
}

/** `\d`, `\pL`, `\P{Greek}` after the backslash. */
function escapedClass(reader: PatternReader): CharTest | undefined {
  const perl = perlClass(reader.peek())
  if (perl) {
    reader.next()
    return perl
  }
  const match = /^([pP])(?:\{([^}]*)\}|(.))/su.exec(reader.rest())
  if (!match) return undefined
  const [all, kind, braced, letter] = match
  const test = unicodeClass(braced ?? letter ?? '')
  if (!test) throw new SyntaxMistake('invalid character class range', `\\${all}`)
  reader.at += all.length
  return kind === 'P' ? negate(test) : test
}
