import { unmarshal } from '../go-json.ts'
import { GoPanic } from '../go-panic.ts'
import { PathMistake, type PathStep } from './path.ts'

/** What stands in the parentheses of a filter or a subscript. */
export interface Script {
  readonly source: string
  readonly operation: Operation | undefined
}

export type Operation =
  | { readonly kind: 'path'; readonly steps: readonly PathStep[] }
  | {
      readonly kind: 'operator'
      readonly symbol: string
      readonly left: Operand
      readonly right: Operand
    }

/** Text that is looked at when it is used, a constant list or map, or nothing. */
export type Operand =
  | string
  | undefined
  | { readonly constant: unknown }
  | { readonly operation: Operation }

/** Loosest first, each tried before the next; there is no other precedence. */
const symbols = [
  ...['||', '&&', '==', '!=', '<=', '>=', '<', '>', '=~', '!', '+', '-', '**', '*', '/', '%'],
  ...['not in', 'in', '@', '$'],
]

/** How a path inside of a script is read. */
export type ReadPath = (path: string) => readonly PathStep[]

interface Source {
  readonly source: string
  readonly readPath: ReadPath
}

/** Reads a script as evilmonkeyinc/jsonpath's standard engine does, its blind spots included. */
export function compileScript(source: string, readPath: ReadPath): Script {
  return { source, operation: build({ source, readPath }, symbols) }
}

function build(given: Source, candidates: readonly string[]): Operation | undefined {
  const [symbol = '', ...later] = candidates
  const { readPath } = given
  const text = given.source.trim()
  if (text === '') return undefined
  const isBracketed = text.startsWith('(') && text.endsWith(')')
  const source = isBracketed ? text.slice(1, -1).trim() : text
  const rest = isBracketed ? symbols : later
  const sides = sidesOf(source, symbol)
  if (sides === undefined) return rest.length === 0 ? undefined : build({ source, readPath }, rest)
  if (isPath(symbol)) return { kind: 'path', steps: readPath(source) }
  // Upstream begins all over again in brackets, and stumbles when this symbol stands right inside them.
  const again = isBracketed ? ['', ...symbols] : candidates
  const right = operand({ source: sides.right, readPath }, again)
  const left = operand({ source: sides.left, readPath }, again)
  if (symbol === '') throw new PathMistake('unsupported operator')
  return { kind: 'operator', symbol, left, right }
}

const isPath = (symbol: string) => symbol === '@' || symbol === '$'

/** What stands left and right of a symbol; undefined when it is not there, or not where it may be. */
function sidesOf(source: string, symbol: string) {
  const at = findSymbol(source, symbol)
  if (at < 0) return undefined
  const left = source.slice(0, at).trim()
  const right = source.slice(at + symbol.length).trim()
  const wantsLeft = !isPath(symbol) && symbol !== '!'
  if ((left !== '') !== wantsLeft) return undefined
  return right === '' && !isPath(symbol) ? undefined : { left, right }
}

function operand(given: Source, candidates: readonly string[]): Operand {
  const { source: text } = given
  const operation = build(given, candidates)
  if (operation !== undefined) return { operation }
  if (text === '') return undefined
  return /^\[.*\]$|^\{.*\}$/s.test(text) ? constant(text) : text
}

function constant(text: string): Operand {
  try {
    return { constant: unmarshal(text) }
  } catch (mistake) {
    if (mistake instanceof GoPanic) return text
    throw mistake
  }
}

/** Where a symbol stands outside of quotes and brackets. */
function findSymbol(source: string, symbol: string): number {
  const open: Open = { quote: '', square: 0, round: 0 }
  for (let at = 0; at < source.length; at++) {
    track(source[at] ?? '', open)
    if (open.quote !== '' || open.square > 0 || open.round > 0) continue
    const start = at + 1 - symbol.length
    if (start >= 0 && source.startsWith(symbol, start)) return start
  }
  return -1
}

interface Open {
  quote: string
  square: number
  round: number
}

// One kind of bracket hides the other, and both hide quotes.
const marks: Readonly<Record<string, (open: Open) => void>> = {
  '(': (open) => round(open, 1),
  ')': (open) => round(open, -1),
  '[': (open) => square(open, 1),
  ']': (open) => square(open, -1),
  "'": (open) => quotes(open, "'"),
  '"': (open) => quotes(open, '"'),
}

function track(char: string, open: Open): void {
  marks[char]?.(open)
}

function round(open: Open, change: number): void {
  if (open.quote === '' && open.square <= 0) open.round += change
}

function square(open: Open, change: number): void {
  if (open.quote === '' && open.round <= 0) open.square += change
}

function quotes(open: Open, mark: string): void {
  if (open.square > 0 || open.round > 0) return
  if (open.quote === '') open.quote = mark
  else if (open.quote === mark) open.quote = ''
}
