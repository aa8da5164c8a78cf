import { panic } from '../go-panic.ts'
import { isNil } from '../go-value.ts'
import { compileRegexp, type GoRegexp, matches } from '../re2/regexp.ts'
import { contains } from './access.ts'
import type { Binary } from './ast.ts'
import {
  add,
  asBool,
  asString,
  divide,
  equal,
  less,
  lessOrEqual,
  modulo,
  more,
  moreOrEqual,
  multiply,
  power,
  subtract,
  toInt,
  wrongType,
} from './operators.ts'
import type { Run } from './runtime.ts'

/** A binary operation on compiled operands. */
export function compileBinary(node: Binary, left: Run, right: Run): Run {
  const { at } = node
  switch (node.operator) {
    case '&&':
    case 'and':
      return (state) => {
        const value = left(state)
        state.at = at
        return asBool(value) ? right(state) : value
      }
    case '||':
    case 'or':
      return (state) => {
        const value = left(state)
        state.at = at
        return asBool(value) ? value : right(state)
      }
    case '??':
      return (state) => {
        const value = left(state)
        return isNil(value) ? right(state) : value
      }
    case '..':
      return (state) => {
        const from = left(state)
        const to = right(state)
        state.at = at
        return range(state, toInt(from), toInt(to))
      }
    default: {
      const apply = special(node) ?? operations[node.operator] ?? unknownOperator
      return (state) => {
        const a = left(state)
        const b = right(state)
        state.at = at
        return apply(a, b)
      }
    }
  }
}

type Operation = (a: unknown, b: unknown) => unknown

const unknownOperator: Operation = () => panic('unknown operator')

function range(state: { memory: number }, from: bigint, to: bigint): bigint[] {
  const size = to < from ? 0n : to - from + 1n
  state.memory += Number(size)
  if (state.memory >= 1_000_000) panic('memory budget exceeded')
  return Array.from({ length: Number(size) }, (_, index) => from + BigInt(index))
}

// Constants on the right are prepared once.
function special({ operator, right }: Binary): Operation | undefined {
  if (operator === 'matches' && right.kind === 'string') {
    const pattern = compileRegexp(right.value)
    if ('error' in pattern) return undefined
    return (a) => !isNil(a) && matches(pattern, textOrBytes(a))
  }
  if (operator === 'in' && right.kind === 'array' && right.nodes.length > 0)
    return inTexts(right.nodes.map((item) => (item.kind === 'string' ? item.value : undefined)))
  return undefined
}

// A list of text constants becomes a set with text keys: other needles are errors, not misses.
function inTexts(texts: readonly (string | undefined)[]): Operation | undefined {
  if (texts.includes(undefined)) return undefined
  const set = Object.fromEntries(texts.map((text) => [text, true]))
  return (a) => contains(a, set)
}

const onTexts =
  (test: (a: string, b: string) => boolean): Operation =>
  (a, b) => {
    if (isNil(a) || isNil(b)) return false
    const text = asString(a)
    return test(text, asString(b))
  }

const operations: Readonly<Record<string, Operation>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': less,
  '>': more,
  '<=': lessOrEqual,
  '>=': moreOrEqual,
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
  '**': power,
  '^': power,
  in: contains,
  contains: onTexts((a, b) => a.includes(b)),
  startsWith: onTexts((a, b) => a.startsWith(b)),
  endsWith: onTexts((a, b) => a.endsWith(b)),
  matches: (a, b) => {
    if (isNil(a) || isNil(b)) return false
    const source = asString(b)
    return matches(compiled(source), textOrBytes(a))
  },
}

function compiled(source: string): GoRegexp {
  const regexp = compileRegexp(source)
  return 'error' in regexp ? panic(regexp.error) : regexp
}

function textOrBytes(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return wrongType(value, '[]uint8')
}
