import { goPow, int64 } from '../go-math.ts'
import type { Binary, Builtin, Member, Node, Unary } from './ast.ts'
import { ExprMistake } from './source-error.ts'

/** Does beforehand what upstream's optimizer does, as far as results or errors show it. */
export function fold(node: Node): Node {
  switch (node.kind) {
    case 'unary':
      return unary({ ...node, node: fold(node.node) })
    case 'binary':
      return binary({ ...node, left: fold(node.left), right: fold(node.right) })
    case 'chain':
    case 'predicate':
      return { ...node, node: fold(node.node) }
    case 'member':
      return member({ ...node, node: fold(node.node), property: fold(node.property) })
    case 'slice':
      return {
        ...node,
        node: fold(node.node),
        from: node.from && fold(node.from),
        to: node.to && fold(node.to),
      }
    case 'call':
      return { ...node, callee: fold(node.callee), args: node.args.map(fold) }
    case 'builtin':
      return builtin({ ...node, args: node.args.map(fold) })
    case 'let':
      return { ...node, value: fold(node.value), body: fold(node.body) }
    case 'sequence':
    case 'array':
      return { ...node, nodes: node.nodes.map(fold) }
    case 'conditional':
      return {
        ...node,
        condition: fold(node.condition),
        yes: fold(node.yes),
        no: fold(node.no),
      }
    case 'map':
      return {
        ...node,
        pairs: node.pairs.map(({ key, value }) => ({ key: fold(key), value: fold(value) })),
      }
    default:
      return node
  }
}

function unary(node: Unary): Node {
  const { at, operator, node: inner } = node
  if (operator === '-' && inner.kind === 'int')
    return { kind: 'int', value: int64(-inner.value), at }
  if (operator === '-' && inner.kind === 'float') return { kind: 'float', value: -inner.value, at }
  if (operator === '+' && (inner.kind === 'int' || inner.kind === 'float')) return { ...inner, at }
  if (inner.kind === 'bool' && operator !== '-') return { kind: 'bool', value: !inner.value, at }
  return node
}

function binary(node: Binary): Node {
  const { operator, left, right } = node
  switch (operator) {
    case '&&':
    case 'and':
      return shortCircuit(node, true)
    case '||':
    case 'or':
      return shortCircuit(node, false)
    case '==':
      return constantEqual(node)
    case '+':
      if (left.kind === 'string' && right.kind === 'string')
        return { kind: 'string', value: left.value + right.value, at: node.at }
      return arithmetic(node)
    default:
      return arithmetic(node)
  }
}

// `true && x` is x whatever x is, so that a value that is no boolean goes through.
function shortCircuit(node: Binary, neutral: boolean): Node {
  const { left, right, at } = node
  if (left.kind === 'bool' && left.value === neutral) return right
  if (right.kind === 'bool' && right.value === neutral) return left
  const decided = left.kind === 'bool' || right.kind === 'bool'
  return decided ? { kind: 'bool', value: !neutral, at } : node
}

function constantEqual(node: Binary): Node {
  const { left, right, at } = node
  const isConstant = left.kind === 'int' || left.kind === 'string' || left.kind === 'bool'
  if (!isConstant || left.kind !== right.kind) return node
  return { kind: 'bool', value: left.value === right.value, at }
}

const ints: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => int64(a + b),
  '-': (a, b) => int64(a - b),
  '*': (a, b) => int64(a * b),
  '%': (a, b) => a % b,
}

const floats: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': goPow,
  '^': goPow,
}

function arithmetic(node: Binary): Node {
  const { operator, left, right, at } = node
  if (!isNumeric(left) || !isNumeric(right)) return node
  const onInts = ints[operator]
  if (onInts && left.kind === 'int' && right.kind === 'int') {
    if (operator === '%' && right.value === 0n) throw new ExprMistake(at, 'integer divide by zero')
    return { kind: 'int', value: onInts(left.value, right.value), at }
  }
  const onFloats = floats[operator]
  if (!onFloats) return node
  return { kind: 'float', value: onFloats(Number(left.value), Number(right.value)), at }
}

function isNumeric(node: Node): node is Extract<Node, { kind: 'int' | 'float' }> {
  return node.kind === 'int' || node.kind === 'float'
}

// `filter(…)[0]` stops at the first hit, and its error differs from that of an empty list.
function member(node: Member): Node {
  const { node: base, property, at, optional } = node
  if (optional || property.kind !== 'int' || !isFilter(base)) return node
  if (property.value !== 0n && property.value !== -1n) return node
  const name = property.value === 0n ? 'find' : 'findLast'
  return { kind: 'builtin', name, args: base.args, throws: true, at }
}

function builtin(node: Builtin): Node {
  const [first] = node.args
  if (first === undefined || node.args.length !== 1) return node
  if (node.name === 'first' && isFilter(first)) return { ...node, name: 'find', args: first.args }
  if (node.name === 'last' && isFilter(first))
    return { ...node, name: 'findLast', args: first.args }
  const isSum = node.name === 'sum' && first.kind === 'array' && first.nodes.length >= 2
  if (!isSum || first.nodes.every(isConstant)) return node
  return first.nodes.reduceRight((right, left) => ({
    kind: 'binary',
    operator: '+',
    left,
    right,
    at: node.at,
  }))
}

function isFilter(node: Node): node is Builtin {
  return node.kind === 'builtin' && node.name === 'filter'
}

function isConstant(node: Node): boolean {
  return isNumeric(node) || node.kind === 'string' || node.kind === 'bool'
}
