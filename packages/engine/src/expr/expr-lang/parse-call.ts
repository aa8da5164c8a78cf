import type { Node } from './ast.ts'
import type { Cursor } from './cursor.ts'
import type { Token } from './lexer.ts'
import { isBuiltin, predicateArguments } from './operator.table.ts'

/** The rules that every other rule leads back to. */
export interface Rules {
  readonly expression: (cursor: Cursor) => Node
  readonly sequence: (cursor: Cursor) => Node
}

interface Head {
  readonly name: Token
  /** What a pipe hands in as the first argument. */
  readonly first: readonly Node[]
  /** Whether a name of the environment may stand in for a built-in. */
  readonly mayOverride: boolean
}

/** Reads the arguments of a call whose name is already read. */
export function parseCall(cursor: Cursor, rules: Rules, { name, first, mayOverride }: Head): Node {
  const { at, value } = name
  const isOverridden = mayOverride && cursor.overridden.has(value)
  const wanted = Object.hasOwn(predicateArguments, value) ? predicateArguments[value] : undefined
  if (wanted && !isOverridden) {
    const args = [...first, ...predicateCall(cursor, rules, wanted.slice(first.length))]
    return cursor.node({ kind: 'builtin', name: value, args, at })
  }
  if (isBuiltin(value) && !isOverridden)
    return cursor.node({
      kind: 'builtin',
      name: value,
      args: parseArguments(cursor, rules, first),
      at,
    })
  const callee = cursor.node({ kind: 'identifier' as const, name: value, at })
  return cursor.node({ kind: 'call', callee, args: parseArguments(cursor, rules, first), at })
}

function predicateCall(cursor: Cursor, rules: Rules, wanted: readonly string[]): readonly Node[] {
  const args: Node[] = []
  cursor.expect('Bracket', '(')
  for (const [index, argument] of wanted.entries()) {
    const isOptional = argument.endsWith('?')
    if (cursor.is('Bracket', ')')) {
      if (isOptional) break
      cursor.fail(`expected at least ${wanted.length} arguments`)
    }
    if (index > 0) cursor.expect('Operator', ',')
    args.push(argument.startsWith('value') ? rules.expression(cursor) : predicate(cursor, rules))
  }
  cursor.eat('Operator', ',')
  cursor.expect('Bracket', ')')
  return args
}

function predicate(cursor: Cursor, rules: Rules): Node {
  const { at } = cursor.current
  const isBlock = cursor.eat('Bracket', '{')
  cursor.predicates++
  const node = isBlock ? rules.sequence(cursor) : rules.expression(cursor)
  if (!isBlock && cursor.is('Operator', ';')) cursor.fail('wrap predicate with brackets { and }')
  cursor.predicates--
  if (isBlock) cursor.expect('Bracket', '}')
  return cursor.node({ kind: 'predicate', node, at })
}

/** `(a, b, c)`; a comma may follow the last one. */
export function parseArguments(
  cursor: Cursor,
  rules: Rules,
  first: readonly Node[] = [],
): readonly Node[] {
  const args: Node[] = []
  cursor.expect('Bracket', '(')
  while (!cursor.is('Bracket', ')')) {
    if (args.length > 0) cursor.expect('Operator', ',')
    if (cursor.is('Bracket', ')')) break
    args.push(rules.expression(cursor))
  }
  cursor.expect('Bracket', ')')
  return [...first, ...args]
}
