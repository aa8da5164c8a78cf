import type { Node } from './ast.ts'
import { Cursor } from './cursor.ts'
import type { Token } from './lexer.ts'
import {
  binaryPrecedence,
  comparisons,
  negatable,
  rightAssociative,
  unaryPrecedence,
} from './operator.table.ts'
import { parseCall } from './parse-call.ts'
import { parseArray, parseMap, parseNumber } from './parse-literal.ts'
import { parsePostfix } from './parse-postfix.ts'

/** Reads an expression; throws ExprMistake. */
export function parseExpr(source: string, overridden: ReadonlySet<string>): Node {
  const cursor = new Cursor(source, overridden)
  const node = sequence(cursor)
  if (!cursor.is('EOF')) cursor.unexpected()
  return node
}

const parts = { expression: (cursor: Cursor) => expression(cursor, 0), sequence }

function sequence(cursor: Cursor): Node {
  const first = expression(cursor, 0)
  const nodes = [first]
  while (cursor.eat('Operator', ';')) {
    if (cursor.is('EOF')) break
    nodes.push(expression(cursor, 0))
  }
  if (nodes.length === 1) return first
  return cursor.node({ kind: 'sequence', nodes, at: first.at })
}

function expression(cursor: Cursor, precedence: number): Node {
  return cursor.deeper(() => {
    if (precedence === 0 && cursor.is('Operator', 'let')) return declaration(cursor)
    if (precedence === 0 && cursor.is('Operator', 'if')) return conditionalIf(cursor)
    const node = binary(cursor, primary(cursor), precedence)
    return precedence === 0 ? ternary(cursor, node) : node
  })
}

function binary(cursor: Cursor, first: Node, precedence: number): Node {
  let left = first
  let previous = ''
  while (cursor.is('Operator')) {
    const negation = negated(cursor)
    const operator = cursor.current
    const binding = binaryPrecedence[operator.value]
    if (binding === undefined || binding < precedence) {
      if (negation) cursor.back(negation)
      return left
    }
    cursor.next()
    left = operation(cursor, left, operator, previous)
    if (negation)
      left = cursor.node({ kind: 'unary', operator: 'not', node: left, at: operator.at })
    previous = operator.value
  }
  return left
}

// The `not` of `not in` and its kind.
function negated(cursor: Cursor): Token | undefined {
  if (!cursor.is('Operator', 'not')) return undefined
  const negation = cursor.next()
  if (!negatable.has(cursor.current.value)) cursor.unexpected()
  return negation
}

function operation(cursor: Cursor, left: Node, { value, at }: Token, previous: string): Node {
  const binding = binaryPrecedence[value] ?? 0
  if (value === '|') {
    const name = cursor.expect('Identifier')
    return parseCall(cursor, parts, { name, first: [left], mayOverride: true })
  }
  if (previous === '??' && value !== '??')
    cursor.fail(
      `Operator (${value}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`,
      at,
    )
  if (comparisons.has(value)) return comparison(cursor, left, { value, at }, binding)
  const right = expression(cursor, rightAssociative.has(value) ? binding : binding + 1)
  return cursor.node({ kind: 'binary', operator: value, left, right, at })
}

// `a < b < c` means `a < b && b < c`.
function comparison(
  cursor: Cursor,
  first: Node,
  operator: Pick<Token, 'value' | 'at'>,
  binding: number,
): Node {
  let { value, at } = operator
  let left = first
  let root: Node | undefined
  for (;;) {
    const right = expression(cursor, binding + 1)
    const compared = cursor.node({ kind: 'binary' as const, operator: value, left, right, at })
    root = root
      ? cursor.node({ kind: 'binary', operator: '&&', left: root, right: compared, at })
      : compared
    left = right
    if (!cursor.is('Operator') || !comparisons.has(cursor.current.value)) return root
    ;({ value, at } = cursor.next())
  }
}

function declaration(cursor: Cursor): Node {
  cursor.next()
  const name = cursor.expect('Identifier')
  cursor.expect('Operator', '=')
  const value = expression(cursor, 0)
  cursor.expect('Operator', ';')
  const body = sequence(cursor)
  return cursor.node({ kind: 'let', name: name.value, value, body, at: name.at })
}

// Upstream gives these nodes no place of their own, so their errors point at the beginning.
const nowhere = { from: 0, to: 0 }

function conditionalIf(cursor: Cursor): Node {
  return cursor.deeper(() => {
    cursor.next()
    const condition = expression(cursor, 0)
    const yes = block(cursor)
    cursor.expect('Operator', 'else')
    const no = cursor.is('Operator', 'if') ? conditionalIf(cursor) : block(cursor)
    return { kind: 'conditional', condition, yes, no, at: nowhere }
  })
}

function block(cursor: Cursor): Node {
  cursor.expect('Bracket', '{')
  const body = sequence(cursor)
  cursor.expect('Bracket', '}')
  return body
}

function ternary(cursor: Cursor, first: Node): Node {
  let node = first
  while (cursor.eat('Operator', '?')) {
    const isShort = cursor.eat('Operator', ':')
    const yes = isShort ? node : expression(cursor, 0)
    if (!isShort) cursor.expect('Operator', ':')
    const no = expression(cursor, 0)
    const { at } = cursor.current
    node = cursor.node({ kind: 'conditional', condition: node, yes, no, at })
  }
  return node
}

function primary(cursor: Cursor): Node {
  const token = cursor.current
  const binding = token.kind === 'Operator' ? unaryPrecedence[token.value] : undefined
  if (binding !== undefined) {
    cursor.next()
    const node = expression(cursor, binding)
    const unary = cursor.node({ kind: 'unary', operator: token.value, node, at: token.at })
    return parsePostfix(cursor, parts, unary)
  }
  if (cursor.eat('Bracket', '(')) {
    const inner = sequence(cursor)
    cursor.expect('Bracket', ')')
    return parsePostfix(cursor, parts, inner)
  }
  if (cursor.predicates > 0 && token.kind === 'Operator' && /^[#.]$/.test(token.value))
    return pointer(cursor)
  if (cursor.eat('Operator', '::')) {
    const name = cursor.expect('Identifier')
    return parsePostfix(
      cursor,
      parts,
      parseCall(cursor, parts, { name, first: [], mayOverride: false }),
    )
  }
  return secondary(cursor)
}

function pointer(cursor: Cursor): Node {
  const { at } = cursor.current
  let name = ''
  if (cursor.eat('Operator', '#') && cursor.is('Identifier')) name = cursor.next().value
  return parsePostfix(cursor, parts, cursor.node({ kind: 'pointer', name, at }))
}

function secondary(cursor: Cursor): Node {
  const token = cursor.current
  switch (token.kind) {
    case 'Identifier':
      return identifier(cursor)
    case 'Number':
      return parseNumber(cursor)
    case 'String':
      cursor.next()
      return parsePostfix(
        cursor,
        parts,
        cursor.node({ kind: 'string', value: token.value, at: token.at }),
      )
    case 'Bytes': {
      cursor.next()
      const value = token.bytes ?? new Uint8Array()
      return parsePostfix(cursor, parts, cursor.node({ kind: 'bytes', value, at: token.at }))
    }
    default:
      if (cursor.is('Bracket', '[')) return parsePostfix(cursor, parts, parseArray(cursor, parts))
      if (cursor.is('Bracket', '{')) return parsePostfix(cursor, parts, parseMap(cursor, parts))
      return cursor.unexpected()
  }
}

function identifier(cursor: Cursor): Node {
  const token = cursor.next()
  const { at, value } = token
  if (value === 'true' || value === 'false')
    return cursor.node({ kind: 'bool', value: value === 'true', at })
  if (value === 'nil') return cursor.node({ kind: 'nil', at })
  const node = cursor.is('Bracket', '(')
    ? parseCall(cursor, parts, { name: token, first: [], mayOverride: true })
    : cursor.node({ kind: 'identifier' as const, name: value, at })
  return parsePostfix(cursor, parts, node)
}
