import { quote } from '../go-quote.ts'
import type { Node, Pair } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { tokenText } from './lexer.ts'
import type { Rules } from './parse-call.ts'
import type { Location } from './source-error.ts'

const largest = (1n << 63n) - 1n

/** A number token as an int or a float node. */
export function parseNumber(cursor: Cursor): Node {
  const { value: raw, at } = cursor.next()
  const text = raw.replaceAll('_', '')
  const isFloat = !/^0x/i.test(text) && /[.e]/i.test(text)
  return isFloat ? parseFloatNode(cursor, text, at) : parseInt64Node(cursor, text, at)
}

function parseFloatNode(cursor: Cursor, text: string, at: Location): Node {
  const value = Number(text)
  const isWell = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
  if (!isWell || value === Infinity)
    cursor.fail(
      `invalid float literal: strconv.ParseFloat: parsing ${quote(text)}: ${isWell ? range : syntax}`,
    )
  return cursor.node({ kind: 'float', value, at })
}

function parseInt64Node(cursor: Cursor, text: string, at: Location): Node {
  const lower = text.toLowerCase()
  const name = names[lower.slice(0, 2)] ?? 'integer'
  const isWell = /^(?:0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+)$/.test(lower)
  const value = isWell ? BigInt(lower) : 0n
  if (!isWell || value > largest)
    cursor.fail(
      `invalid ${name} literal: strconv.ParseInt: parsing ${quote(text)}: ${isWell ? range : syntax}`,
    )
  return cursor.node({ kind: 'int', value, at })
}

const range = 'value out of range'
const syntax = 'invalid syntax'
const names: Readonly<Record<string, string>> = { '0x': 'hex', '0b': 'binary', '0o': 'octal' }

/** `[a, b]` */
export function parseArray(cursor: Cursor, rules: Rules): Node {
  const { at } = cursor.next()
  const nodes: Node[] = []
  while (!cursor.is('Bracket', ']')) {
    if (nodes.length > 0) {
      cursor.expect('Operator', ',')
      if (cursor.is('Bracket', ']')) break
    }
    nodes.push(rules.expression(cursor))
  }
  cursor.next()
  return cursor.node({ kind: 'array', nodes, at })
}

/** `{key: value, "other": 1, (computed): 2}` */
export function parseMap(cursor: Cursor, rules: Rules): Node {
  const { at } = cursor.next()
  const pairs: Pair[] = []
  while (!cursor.is('Bracket', '}')) {
    if (pairs.length > 0) {
      cursor.expect('Operator', ',')
      if (cursor.is('Bracket', '}')) break
      if (cursor.is('Operator', ',')) cursor.unexpected()
    }
    const key = mapKey(cursor, rules)
    cursor.expect('Operator', ':')
    pairs.push({ key, value: rules.expression(cursor) })
    cursor.count()
  }
  cursor.next()
  return cursor.node({ kind: 'map', pairs, at })
}

function mapKey(cursor: Cursor, rules: Rules): Node {
  const { kind, value, at } = cursor.current
  if (kind === 'Number' || kind === 'String' || kind === 'Identifier') {
    cursor.next()
    return cursor.node({ kind: 'string', value, at })
  }
  if (cursor.is('Bracket', '(')) return rules.expression(cursor)
  return cursor.fail(
    `a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token ${tokenText(cursor.current)})`,
  )
}
