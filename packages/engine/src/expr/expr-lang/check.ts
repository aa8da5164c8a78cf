import { GoDuration } from '../../spec/duration.ts'
import { GoTime } from '../go-time/go-time.ts'
import { utc } from '../go-time/zone.ts'
import type { Call, Conditional, Let, Member, Node, Slice, Unary } from './ast.ts'
import { checkArguments } from './check-arguments.ts'
import { checkBinary } from './check-binary.ts'
import { checkBuiltin } from './check-builtin.ts'
import type { Checking, Environment } from './checking.ts'
import {
  anything,
  assignable,
  bool,
  builtinNature,
  bytes,
  float,
  int,
  isNumber,
  isUnknown,
  list,
  listOf,
  map,
  type Nature,
  natureOf,
  nil,
  string,
  unknown,
} from './nature.ts'
import { isBuiltin } from './operator.table.ts'
import { ExprMistake } from './source-error.ts'
import { methodOf } from './time-methods.ts'

/** Checks the types of a tree against what is known about the environment; throws ExprMistake. */
export function check(node: Node, environment: Environment): Nature {
  return visit(node, { environment, variables: [], collections: [] })
}

function visit(node: Node, scope: Checking): Nature {
  switch (node.kind) {
    case 'nil':
      return nil
    case 'bool':
      return bool
    case 'int':
      return int
    case 'float':
      return float
    case 'string':
      return string
    case 'bytes':
      return bytes
    case 'identifier':
      return identifier(node.name, node, scope)
    case 'pointer':
      return pointer(node.name, node, scope)
    case 'chain':
    case 'predicate':
      return visit(node.node, scope)
    default:
      return visitComposite(node, scope)
  }
}

type Simple =
  | 'nil'
  | 'bool'
  | 'int'
  | 'float'
  | 'string'
  | 'bytes'
  | 'identifier'
  | 'pointer'
  | 'chain'
  | 'predicate'

function visitComposite(node: Exclude<Node, { kind: Simple }>, scope: Checking): Nature {
  // biome-ignore lint/nursery/useExhaustiveSwitchCases: the compiler checks it; the rule does not see Exclude
  switch (node.kind) {
    case 'unary':
      return unary(node, scope)
    case 'binary':
      return checkBinary(node, visit(node.left, scope), visit(node.right, scope))
    case 'member':
      return member(node, scope)
    case 'slice':
      return slice(node, scope)
    case 'call':
      return call(node, scope)
    case 'builtin':
      return checkBuiltin(node, scope, visit)
    case 'let':
      return declaration(node, scope)
    case 'sequence':
      return node.nodes.map((part) => visit(part, scope)).at(-1) ?? unknown
    case 'conditional':
      return conditional(node, scope)
    case 'array':
      return array(node.nodes.map((item) => visit(item, scope)))
    case 'map':
      for (const { key, value } of node.pairs) {
        visit(key, scope)
        visit(value, scope)
      }
      return map
  }
}

function identifier(name: string, node: Node, scope: Checking): Nature {
  const variable = scope.variables.findLast(([known]) => known === name)
  if (variable) return variable[1]
  if (name === '$env') return unknown
  const known = scope.environment.nature(name)
  if (known) return known
  if (isBuiltin(name)) return builtinNature(name)
  return missing(name, node, scope)
}

function missing(name: string, node: Node, { environment }: Checking): Nature {
  if (environment.allowUndefined) return unknown
  throw new ExprMistake(node.at, `unknown name ${name}`)
}

function pointer(name: string, node: Node, { collections }: Checking): Nature {
  const scope = collections.at(-1)
  if (!scope) throw new ExprMistake(node.at, 'cannot use pointer accessor outside predicate')
  if (name === '') return isUnknown(scope.nature) ? unknown : (scope.nature.item ?? unknown)
  const known = Object.hasOwn(scope.pointers, name) ? scope.pointers[name] : undefined
  if (known) return known
  throw new ExprMistake(node.at, `unknown pointer #${name}`)
}

function unary(node: Unary, scope: Checking): Nature {
  const inner = visit(node.node, scope)
  const isSign = node.operator === '-' || node.operator === '+'
  if (isSign && isNumber(inner)) return inner
  if (!isSign && inner.kind === 'bool') return bool
  if (isUnknown(inner)) return isSign ? unknown : bool
  throw new ExprMistake(
    node.at,
    `invalid operation: ${node.operator} (mismatched type ${inner.type})`,
  )
}

function member(node: Member, scope: Checking): Nature {
  const { node: base, property } = node
  if (base.kind === 'identifier' && base.name === '$env') return ofEnvironment(node, scope)
  const from = visit(base, scope)
  const key = visit(property, scope)
  if (isUnknown(from)) return unknown
  if (property.kind === 'string') {
    if (from.kind === 'nil')
      throw new ExprMistake(node.at, `type nil has no field ${property.value}`)
    const method = methodNature(from, property.value)
    if (method) return method
  }
  return memberOf(node, from, key)
}

function ofEnvironment(node: Member, scope: Checking): Nature {
  const { property, optional } = node
  if (property.kind !== 'string') return unknown
  const known = scope.environment.nature(property.value)
  if (known || optional) return known ?? unknown
  return missing(property.value, node, scope)
}

const someTime = new GoTime(0n, utc)
const someDuration = new GoDuration(0n)

function methodNature(from: Nature, name: string): Nature | undefined {
  if (from.type === 'time.Time') return known(someTime, name)
  return from.type === 'time.Duration' ? known(someDuration, name) : undefined
}

function known(value: GoTime | GoDuration, name: string): Nature | undefined {
  const method = methodOf(value, name)
  return method && natureOf(method)
}

function memberOf(node: Member, from: Nature, key: Nature): Nature {
  const { property } = node
  if (from.kind === 'map') {
    const isKey =
      from.type.startsWith('map[interface {}]') || key.kind === 'string' || isUnknown(key)
    if (isKey) return from.item ?? anything
    throw new ExprMistake(property.at, `cannot use ${key.type} to get an element from ${from.type}`)
  }
  if (from.kind === 'list') {
    if (key.kind === 'int' || isUnknown(key)) return from.item ?? anything
    throw new ExprMistake(
      property.at,
      `array elements can only be selected using an integer (got ${key.type})`,
    )
  }
  if (property.kind !== 'string')
    throw new ExprMistake(node.at, `type ${from.type}[${key.type}] is undefined`)
  const what = node.method ? 'method' : 'field'
  throw new ExprMistake(node.at, `type ${from.type} has no ${what} ${property.value}`)
}

function slice(node: Slice, scope: Checking): Nature {
  const from = visit(node.node, scope)
  // Upstream looks at the bounds only when it knows what is cut.
  if (isUnknown(from)) return unknown
  if (from.kind !== 'string' && from.kind !== 'list')
    throw new ExprMistake(node.at, `cannot slice ${from.type}`)
  for (const bound of [node.from, node.to]) {
    const nature = bound ? visit(bound, scope) : int
    if (bound && nature.kind !== 'int' && !isUnknown(nature))
      throw new ExprMistake(bound.at, `non-integer slice index ${nature.type}`)
  }
  return from
}

function call(node: Call, scope: Checking): Nature {
  const { callee, args, at } = node
  if (callee.kind === 'identifier' && callee.name === '$env')
    throw new ExprMistake(at, 'map[string]interface {} is not callable')
  const target = visit(callee, scope)
  // Neither are the arguments of an unknown function looked at.
  if (isUnknown(target)) return unknown
  const name = calleeName(callee)
  if (target.kind === 'nil')
    throw new ExprMistake(at, `${name} is nil; cannot call nil as function`)
  if (target.kind !== 'function') throw new ExprMistake(at, `${target.type} is not callable`)
  if (target.builtin !== undefined)
    return checkBuiltin({ kind: 'builtin', name: target.builtin, args, at }, scope, visit)
  if (!target.signature) {
    for (const arg of args) visit(arg, scope)
    return unknown
  }
  const found = checkArguments({ name, at, args }, target.signature, (arg) => visit(arg, scope))
  if (found instanceof ExprMistake) throw found
  return found
}

function calleeName(callee: Node): string {
  if (callee.kind === 'identifier') return callee.name
  const isNamed = callee.kind === 'member' && callee.property.kind === 'string'
  return isNamed && callee.property.kind === 'string' ? callee.property.value : 'function'
}

function declaration({ name, value, body, at }: Let, scope: Checking): Nature {
  const refuse = (what: string) => {
    throw new ExprMistake(at, `cannot redeclare ${what}${name}`)
  }
  if (scope.environment.nature(name)) refuse('')
  if (isBuiltin(name)) refuse('builtin ')
  if (scope.variables.some(([known]) => known === name)) refuse('variable ')
  const nature = visit(value, scope)
  return visit(body, { ...scope, variables: [...scope.variables, [name, nature]] })
}

function conditional(
  { condition, yes: then, no: otherwise }: Conditional,
  scope: Checking,
): Nature {
  const test = visit(condition, scope)
  if (test.kind !== 'bool' && !isUnknown(test))
    throw new ExprMistake(condition.at, `non-bool expression (type ${test.type}) used as condition`)
  const yes = visit(then, scope)
  const no = visit(otherwise, scope)
  if (yes.kind === 'nil') return no
  if (no.kind === 'nil') return yes
  if (!assignable(yes, no)) return unknown
  const sameItems =
    yes.kind !== 'list' ||
    no.kind !== 'list' ||
    (assignableItems(yes, no) && assignableItems(no, yes))
  return sameItems ? yes : list
}

function assignableItems(a: Nature, b: Nature): boolean {
  return assignable(a.item ?? anything, b.item ?? anything)
}

function array(items: readonly Nature[]): Nature {
  const [first] = items
  const same = items.every(({ kind }) => kind === first?.kind)
  return same ? listOf(items.at(-1) ?? unknown) : list
}
