import { panic } from '../go-panic.ts'
import { compareText, goType, isNil } from '../go-value.ts'
import type { Builtin, Node } from './ast.ts'
import { builtins } from './builtins.ts'
import { add, asBool, isList, less } from './operators.ts'
import { itemAt, type Run, type Scope, type State, Unindexable } from './runtime.ts'
import type { Location } from './source-error.ts'
import { weighed } from './weight.ts'

/** A call of a built-in; `grow` charges memory. */
export function compileBuiltin(
  node: Builtin,
  build: (node: Node) => Run,
  grow: (state: State, size: number) => void,
): Run {
  const loop = Object.hasOwn(loops, node.name) ? loops[node.name] : undefined
  const [first, second, third] = node.args.map(build)
  if (loop && first) {
    const parts = { predicate: second, third, at: node.at, throws: node.throws === true, grow }
    return walk(first, node.at, (state, scope) => loop(state, scope, parts))
  }
  return plain(node, node.args.map(build), grow)
}

function plain(
  node: Builtin,
  args: readonly Run[],
  grow: (state: State, size: number) => void,
): Run {
  const { at, name } = node
  const run = builtins[name]
  if (run === undefined) return () => panic(`unknown builtin ${name}`)
  return (state) => {
    const values = args.map((arg) => arg(state))
    state.at = at
    return weighed(run(values, { now: state.now, grow: (size) => grow(state, size) }))
  }
}

interface Parts {
  readonly predicate: Run | undefined
  readonly third: Run | undefined
  readonly at: Location
  readonly throws: boolean
  readonly grow: (state: State, size: number) => void
}

type Loop = (state: State, scope: Scope, parts: Parts) => unknown

function walk(collection: Run, at: Location, body: (state: State, scope: Scope) => unknown): Run {
  return (state) => {
    const items = collection(state)
    state.at = at
    const scope: Scope = { items: listed(items), index: 0, accumulator: null }
    const outer = state.scope
    state.scope = scope
    const result = body(state, scope)
    state.scope = outer
    charge(state, scope.index, at)
    state.at = at
    return weighed(result)
  }
}

/** Loops in loops build nothing, so no budget of memory stops them: what they look at is counted too. */
const mostSteps = 20_000_000

function charge(state: State, looked: number, at: Location): void {
  state.steps += 1 + Math.max(0, looked)
  if (state.steps <= mostSteps) return
  state.at = at
  panic('step budget exceeded: its loops look at too many items')
}

// Upstream reflects on whatever it is given, so its panics show through.
function listed(value: unknown): ArrayLike<unknown> {
  if (isList(value)) return value
  if (isNil(value)) return panic('reflect: call of reflect.Value.Len on zero Value')
  if (typeof value === 'string') return Array.from(new TextEncoder().encode(value), BigInt)
  if (typeof value === 'object' && goType(value).startsWith('map'))
    return new Unindexable(value instanceof Map ? value.size : Object.keys(value).length)
  const kind = goType(value).replace('time.Time', 'struct').replace('time.Duration', 'int64')
  return panic(
    `reflect: call of reflect.Value.Len on ${kind.startsWith('func') ? 'func' : kind} Value`,
  )
}

/** The predicate at the scope's current item. */
function holds(state: State, { predicate, at }: Parts): boolean {
  const value = predicate ? predicate(state) : itemAt(state.scope)
  state.at = at
  return asBool(value)
}

function firstHit(state: State, scope: Scope, parts: Parts): boolean {
  for (scope.index = 0; scope.index < scope.items.length; scope.index++)
    if (holds(state, parts)) return true
  return false
}

function lastHit(state: State, scope: Scope, parts: Parts): boolean {
  // It counts down: what it looks at is not its index.
  charge(state, scope.items.length, parts.at)
  for (scope.index = scope.items.length - 1; scope.index >= 0; scope.index--)
    if (holds(state, parts)) return true
  return false
}

function countHits(state: State, scope: Scope, parts: Parts): bigint {
  let count = 0n
  for (scope.index = 0; scope.index < scope.items.length; scope.index++)
    if (holds(state, parts)) count++
  return count
}

function found(hit: boolean, scope: Scope, { throws }: Parts): unknown {
  if (hit) return itemAt(scope)
  return throws ? panic('reflect: slice index out of range') : null
}

const loops: Readonly<Record<string, Loop>> = {
  all: (state, scope, parts) => {
    for (scope.index = 0; scope.index < scope.items.length; scope.index++)
      if (!holds(state, parts)) return false
    return true
  },
  none: (state, scope, parts) => !firstHit(state, scope, parts),
  any: firstHit,
  one: (state, scope, parts) => countHits(state, scope, parts) === 1n,
  count: countHits,
  filter: (state, scope, parts) => {
    const kept: unknown[] = []
    for (scope.index = 0; scope.index < scope.items.length; scope.index++)
      if (holds(state, parts)) kept.push(itemAt(scope))
    parts.grow(state, kept.length)
    return kept
  },
  map: (state, scope, parts) => {
    const made: unknown[] = []
    for (scope.index = 0; scope.index < scope.items.length; scope.index++)
      made.push(parts.predicate?.(state))
    state.at = parts.at
    parts.grow(state, made.length)
    return made
  },
  sum: (state, scope, { predicate, at }) => {
    scope.accumulator = 0n
    for (scope.index = 0; scope.index < scope.items.length; scope.index++) {
      const value = predicate ? predicate(state) : itemAt(scope)
      state.at = at
      scope.accumulator = add(value, scope.accumulator)
    }
    return scope.accumulator
  },
  find: (state, scope, parts) => found(firstHit(state, scope, parts), scope, parts),
  findIndex: (state, scope, parts) => (firstHit(state, scope, parts) ? BigInt(scope.index) : null),
  findLast: (state, scope, parts) => found(lastHit(state, scope, parts), scope, parts),
  findLastIndex: (state, scope, parts) =>
    lastHit(state, scope, parts) ? BigInt(scope.index) : null,
  groupBy,
  sortBy,
  reduce,
}

function groupBy(state: State, scope: Scope, { predicate, at }: Parts): unknown {
  const groups = new Map<unknown, unknown[]>()
  for (scope.index = 0; scope.index < scope.items.length; scope.index++) {
    const key = predicate?.(state) ?? null
    state.at = at
    if (typeof key === 'object' && key !== null && (isList(key) || goType(key).startsWith('map')))
      panic(`hash of unhashable type: ${goType(key)}`)
    const group = groups.get(key)
    if (group) group.push(itemAt(scope))
    else groups.set(key, [itemAt(scope)])
  }
  return groups
}

function sortBy(state: State, scope: Scope, { predicate, third, at, grow }: Parts): unknown {
  const order = third ? third(state) : 'asc'
  state.at = at
  if (typeof order !== 'string') return panic('sortBy order argument must be a string')
  if (order !== 'asc' && order !== 'desc') return panic('unknown order, use asc or desc')
  const pairs: (readonly [unknown, unknown])[] = []
  for (scope.index = 0; scope.index < scope.items.length; scope.index++)
    pairs.push([predicate?.(state), itemAt(scope)])
  state.at = at
  grow(state, pairs.length)
  const sorted = sortWith(pairs, ([key]) => key, order)
  return sorted.map(([, item]) => item)
}

/** Sorts by Go's `<`, panicking where it does not apply. */
function sortWith<T>(items: readonly T[], keyOf: (item: T) => unknown, order: 'asc' | 'desc'): T[] {
  const direction = order === 'asc' ? 1 : -1
  return [...items].sort((x, y) => {
    const a = keyOf(x)
    const b = keyOf(y)
    if (typeof a === 'string' && typeof b === 'string') return direction * compareText(a, b)
    if (less(a, b)) return -direction
    return less(b, a) ? direction : 0
  })
}

function reduce(state: State, scope: Scope, { predicate, third, at }: Parts): unknown {
  if (third) scope.accumulator = third(state)
  else {
    state.at = at
    if (scope.items.length === 0) return panic('reduce of empty array with no initial value')
    scope.accumulator = itemAt(scope)
    scope.index = 1
  }
  for (; scope.index < scope.items.length; scope.index++) scope.accumulator = predicate?.(state)
  return scope.accumulator
}
