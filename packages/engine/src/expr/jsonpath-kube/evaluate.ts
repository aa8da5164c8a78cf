import { sprint } from '../go-format.ts'
import { utf8 } from '../go-quote.ts'
import { isRecord, sortedKeys } from '../go-value.ts'
import { holds } from './compare.ts'
import { type Bounds, JsonPathMistake, type ListNode, type Node } from './node.ts'

type Values = readonly unknown[]

// More than this comes only from `..` on hostile data.
const most = 1_000_000

/** Loops that are open while a template is evaluated. */
export interface Loops {
  toBegin: number
  open: number
  toEnd: number
}

/** What a step makes of values. `undefined` is what a loop over nothing hands on; `null` is Go's nil. */
export function walk(values: Values, node: Node, loops: Loops): Values {
  const found = step(values, node, loops)
  if (found.length > most) throw new JsonPathMistake('too many results')
  return found
}

function step(values: Values, node: Node, loops: Loops): Values {
  switch (node.kind) {
    case 'list':
      return walkList(values, node, loops)
    case 'text':
      return [node.text]
    case 'literal':
      return values.map(() => node.value)
    case 'field':
      return values.flatMap((value) => member(value, node.name))
    case 'array':
      return values.flatMap((value) => sliced(value, node.bounds))
    case 'filter':
      return values.flatMap((value) => filtered(value, node, loops))
    case 'wildcard':
      return values.flatMap(children)
    case 'recursive':
      return values.flatMap((value) => descend(value, 0))
    case 'union':
      return node.lists.flatMap((list) => walkList(values, list, loops))
    case 'identifier':
      return keyword(values, node.name, loops)
  }
}

function walkList(values: Values, list: ListNode, loops: Loops): Values {
  return list.nodes.reduce((current: Values, node) => walk(current, node, loops), values)
}

function keyword(values: Values, name: string, loops: Loops): Values {
  if (name === 'range') {
    loops.toBegin += 1
    return values
  }
  if (name !== 'end') throw new JsonPathMistake(`unrecognized identifier ${name}`)
  if (loops.open === 0) throw new JsonPathMistake('not in range, nothing to end')
  loops.toEnd += 1
  return []
}

function member(value: unknown, name: string): Values {
  return isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []
}

function sliced(value: unknown, bounds: Bounds): Values {
  if (value === null) return []
  if (!Array.isArray(value)) throw new JsonPathMistake(`${goKind(value)} is not array or slice`)
  const { length } = value
  const from = fromEnd(bounds.from ?? 0, length)
  const to = upper(bounds, length)
  if (from === to) return []
  if (from >= length || from < 0) throw outOfBounds(from, length)
  if (to > length || to < 0) throw outOfBounds(to - 1, length)
  if (from > to) {
    throw new JsonPathMistake(`starting index ${from} is greater than ending index ${to}`)
  }
  const { step: by = 1 } = bounds
  if (by <= 0) throw new JsonPathMistake('step must be > 0')
  return value.slice(from, to).filter((_, index) => index % by === 0)
}

function fromEnd(bound: number, length: number): number {
  return bound < 0 ? bound + length : bound
}

/** `[-1]` ends one past its index: at 0, which then means the list's end. */
function upper({ to = Number.POSITIVE_INFINITY, derived }: Bounds, length: number): number {
  if (to === Number.POSITIVE_INFINITY) return length
  return to === 0 && derived ? length : fromEnd(to, length)
}

function outOfBounds(index: number, length: number): JsonPathMistake {
  return new JsonPathMistake(`array index out of bounds: index ${index}, length ${length}`)
}

type Filter = Extract<Node, { kind: 'filter' }>

function filtered(value: unknown, filter: Filter, loops: Loops): Values {
  if (Array.isArray(value)) return value.filter((item) => passes(item, filter, loops))
  const shown = value === undefined ? '<invalid reflect.Value>' : sprint(exact(value))
  throw new JsonPathMistake(`${shown} is not array or slice and cannot be filtered`)
}

function passes(item: unknown, { left, operator, right }: Filter, loops: Loops): boolean {
  if (operator === 'exists') return exists(item, left, loops)
  const lefts = walkList([item], left, loops)
  if (!isOne(lefts)) return false
  const rights = walkList([item], right, loops)
  return isOne(rights) && holds(operator, lefts[0], rights[0])
}

/** Kubernetes looks at what a path has led to even when its next step failed. */
function exists(item: unknown, path: ListNode, loops: Loops): boolean {
  try {
    return walkList([item], path, loops).length > 0
  } catch (mistake) {
    if (mistake instanceof JsonPathMistake) return true
    throw mistake
  }
}

function isOne(values: Values): boolean {
  if (values.length > 1) throw new JsonPathMistake('can only compare one element at a time')
  return values.length === 1
}

// Go's own order of a map's members is by chance.
function children(value: unknown): Values {
  if (typeof value === 'string') return [...utf8(value)]
  if (Array.isArray(value)) return value
  return isRecord(value) ? sortedKeys(value).map((key) => value[key]) : []
}

function descend(value: unknown, depth: number): Values {
  if (depth > 500) throw new JsonPathMistake('the data is nested too deeply')
  const inner = children(value)
  if (inner.length === 0) return []
  return [
    value,
    ...(typeof value === 'string' ? [] : inner.flatMap((each) => descend(each, depth + 1))),
  ]
}

function goKind(value: unknown): string {
  if (value === undefined) return '<invalid>'
  if (isRecord(value)) return 'map[string]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

/** Numbers as Go has them, for its way to print a whole value. */
function exact(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (Array.isArray(value)) return value.map(exact)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exact(inner)]))
}
