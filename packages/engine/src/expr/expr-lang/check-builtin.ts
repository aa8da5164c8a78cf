import type { Builtin, Node } from './ast.ts'
import { checkArguments } from './check-arguments.ts'
import { overloads, validators } from './check-functions.table.ts'
import type { Checking, Collection } from './checking.ts'
import {
  anyMap,
  anything,
  bool,
  int,
  isUnknown,
  list,
  listOf,
  type Nature,
  unknown,
} from './nature.ts'
import { predicateArguments } from './operator.table.ts'
import { ExprMistake } from './source-error.ts'

type Visit = (node: Node, scope: Checking) => Nature

/** The nature of a built-in's result; throws when its arguments do not fit. */
export function checkBuiltin(node: Builtin, scope: Checking, visit: Visit): Nature {
  if (Object.hasOwn(predicateArguments, node.name)) return checkLoop(node, scope, visit)
  if (node.name === 'get') return checkGet(node, scope, visit)
  const validate = validators[node.name]
  if (validate) {
    const result = validate(node.args.map((arg) => visit(arg, scope)))
    if (typeof result === 'string') throw new ExprMistake(node.at, result)
    return result
  }
  let mistake: ExprMistake | undefined
  for (const signature of overloads[node.name] ?? []) {
    const result = checkArguments(node, signature, (arg) => visit(arg, scope))
    if (!(result instanceof ExprMistake)) return result
    mistake = result
  }
  throw mistake ?? new ExprMistake(node.at, `no matching overload for ${node.name}`)
}

function checkLoop(node: Builtin, scope: Checking, visit: Visit): Nature {
  const { name, args } = node
  const [first, second, third] = args
  if (first === undefined) throw new ExprMistake(node.at, `not enough arguments to call ${name}`)
  const collection = visit(first, scope)
  if (collection.kind !== 'list' && !isUnknown(collection))
    throw new ExprMistake(first.at, `builtin ${name} takes only array (got ${collection.type})`)
  if (second === undefined) return withoutPredicate(name, collection)
  const inner: Collection = { nature: collection, pointers: pointersOf[name] ?? {} }
  const predicate = visit(second, { ...scope, collections: [...scope.collections, inner] })
  checkOrder(node, third ? visit(third, scope) : undefined)
  if (predicate.kind === 'nil') throw new ExprMistake(second.at, shapeMistake(name))
  const isTest = !transforming.has(name)
  if (isTest && predicate.kind !== 'bool' && !isUnknown(predicate))
    throw new ExprMistake(second.at, `predicate should return boolean (got ${predicate.type})`)
  return results[name]?.(collection, predicate) ?? unknown
}

function withoutPredicate(name: string, collection: Nature): Nature {
  if (name === 'count') return int
  return isUnknown(collection) ? unknown : (collection.item ?? unknown)
}

function shapeMistake(name: string): string {
  return `predicate should has ${name === 'reduce' ? 'two' : 'one'} input and one output param`
}

function checkOrder({ name, args }: Builtin, order: Nature | undefined): void {
  const at = args[2]?.at
  if (name !== 'sortBy' || !order || !at || order.kind === 'string' || isUnknown(order)) return
  throw new ExprMistake(at, `sortBy order argument must be a string (got ${order.type})`)
}

const pointersOf: Readonly<Record<string, Readonly<Record<string, Nature>>>> = {
  map: { index: int },
  reduce: { index: int, acc: unknown },
}

const transforming: ReadonlySet<string> = new Set(['map', 'sum', 'groupBy', 'sortBy', 'reduce'])

const itemOrUnknown = (collection: Nature) =>
  isUnknown(collection) ? unknown : (collection.item ?? anything)
const always = (nature: Nature) => () => nature

const results: Readonly<Record<string, (collection: Nature, predicate: Nature) => Nature>> = {
  all: always(bool),
  none: always(bool),
  any: always(bool),
  one: always(bool),
  count: always(int),
  findIndex: always(int),
  findLastIndex: always(int),
  filter: (collection) => (isUnknown(collection) ? list : listOf(collection.item ?? anything)),
  map: (_collection, predicate) => listOf(predicate),
  sum: (_collection, predicate) => (isUnknown(predicate) ? anything : predicate),
  find: itemOrUnknown,
  findLast: itemOrUnknown,
  groupBy: (collection) => ({
    ...anyMap,
    type: 'map[interface {}][]interface {}',
    item: listOf(itemOrUnknown(collection)),
  }),
  sortBy: (collection) => collection,
  reduce: (_collection, predicate) => predicate,
}

function checkGet({ args, at }: Builtin, scope: Checking, visit: Visit): Nature {
  const [first, second] = args
  if (first === undefined || second === undefined || args.length !== 2)
    throw new ExprMistake(at, `invalid number of arguments (expected 2, got ${args.length})`)
  const base = visit(first, scope)
  const key = visit(second, scope)
  if (first.kind === 'identifier' && first.name === '$env')
    return (second.kind === 'string' && scope.environment.nature(second.value)) || unknown
  if (isUnknown(base)) return unknown
  if (base.kind !== 'map' && base.kind !== 'list')
    throw new ExprMistake(first.at, `type ${base.type} does not support indexing`)
  const problem = keyMistake(base, key)
  if (problem !== undefined) throw new ExprMistake(second.at, problem)
  return base.item ?? anything
}

function keyMistake(base: Nature, key: Nature): string | undefined {
  if (isUnknown(key)) return undefined
  if (base.kind === 'list')
    return key.kind === 'int' ? undefined : `non-integer slice index ${key.type}`
  const fits = key.kind === 'string' || base.type.startsWith('map[interface {}]')
  return fits ? undefined : `cannot use ${key.type} to get an element from ${base.type}`
}
