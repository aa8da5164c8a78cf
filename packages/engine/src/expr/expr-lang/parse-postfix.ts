import type { Member, Node } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { isAlphabetic, isAlphaNumeric, type Token } from './lexer.ts'
import { parseArguments, type Rules } from './parse-call.ts'
import type { Location } from './source-error.ts'

/** Reads `.name`, `?.name`, `[index]`, `[from:to]` and method calls after a value. */
export function parsePostfix(cursor: Cursor, rules: Rules, first: Node): Node {
  let node = first
  for (;;) {
    if (cursor.is('Bracket', '[')) node = bracket(cursor, rules, node, false)
    else if (cursor.is('Operator', '.') || cursor.is('Operator', '?.'))
      node = dotted(cursor, rules, node)
    else return node
  }
}

function dotted(cursor: Cursor, rules: Rules, node: Node): Node {
  const optional = cursor.next().value === '?.'
  const isIndex = optional && cursor.is('Bracket', '[')
  return isIndex ? bracket(cursor, rules, node, optional) : name(cursor, rules, node, optional)
}

function name(cursor: Cursor, rules: Rules, base: Node, optional: boolean): Node {
  const token = cursor.next()
  // The error belongs to the token after the one that is no name.
  if (!isName(token)) cursor.fail('expected name')
  const { at } = token
  const property = cursor.node({ kind: 'string' as const, value: token.value, at })
  const isChain = base.kind === 'chain'
  const inner = isChain ? base.node : base
  cursor.count()
  const method = cursor.is('Bracket', '(')
  const member: Member = { kind: 'member', node: inner, property, optional, method, at }
  const node = method
    ? cursor.node({
        kind: 'call' as const,
        callee: member,
        args: parseArguments(cursor, rules),
        at,
      })
    : member
  return isChain || optional ? cursor.node({ kind: 'chain', node, at }) : node
}

// Operators made of letters, such as `matches`, may name members too.
function isName({ kind, value }: Token): boolean {
  if (kind === 'Identifier') return true
  const chars = Array.from(value)
  return kind === 'Operator' && isAlphabetic(chars[0] ?? '') && chars.every(isAlphaNumeric)
}

function bracket(cursor: Cursor, rules: Rules, base: Node, optional: boolean): Node {
  const { at } = cursor.next()
  if (cursor.eat('Operator', ':')) return slice(cursor, rules, { node: base, from: undefined, at })
  const property = rules.expression(cursor)
  if (cursor.eat('Operator', ':')) return slice(cursor, rules, { node: base, from: property, at })
  const member = cursor.node({
    kind: 'member' as const,
    node: base,
    property,
    optional,
    method: false,
    at,
  })
  const node = optional ? cursor.node({ kind: 'chain' as const, node: member, at }) : member
  cursor.expect('Bracket', ']')
  return node
}

function slice(
  cursor: Cursor,
  rules: Rules,
  head: { readonly node: Node; readonly from: Node | undefined; readonly at: Location },
): Node {
  const to = cursor.is('Bracket', ']') ? undefined : rules.expression(cursor)
  const node = cursor.node({ kind: 'slice' as const, ...head, to })
  cursor.expect('Bracket', ']')
  return node
}
