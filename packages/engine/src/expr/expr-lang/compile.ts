import type { GoFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { goType, isNil } from '../go-value.ts'
import { fetch, lengthForSlice, slice } from './access.ts'
import type { Binary, Call, Conditional, Let, Member, Node, Slice, Unary } from './ast.ts'
import { callFunction } from './call.ts'
import { compileBinary } from './compile-binary.ts'
import { compileBuiltin } from './compile-builtin.ts'
import { asBool, asString, negate } from './operators.ts'
import { itemAt, type Run, type State } from './runtime.ts'
import type { Location } from './source-error.ts'
import { weighed } from './weight.ts'

/** Turns a checked tree into closures; `variables` is how many slots they need. */
export function compile(node: Node): { readonly run: Run; readonly variables: number } {
  const scope: Compiling = { names: [], slots: 0 }
  const run = build(node, scope)
  return { run, variables: scope.slots }
}

interface Compiling {
  /** `let` variables in sight: name and slot. */
  readonly names: (readonly [string, number])[]
  slots: number
}

/** What an optional member that met nil hands up to its chain. */
const broken: unique symbol = Symbol('broken chain')

// Memory is counted in items, as upstream does, to stop expressions that build huge lists.
const budget = 1_000_000

function grow(state: State, size: number): void {
  state.memory += size
  if (state.memory >= budget) panic('memory budget exceeded')
}

function build(node: Node, scope: Compiling): Run {
  switch (node.kind) {
    case 'nil':
      return () => null
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
    case 'bytes':
      return constant(node.value)
    case 'identifier':
      return identifier(node.name, scope)
    case 'pointer':
      return pointer(node.name, node.at)
    default:
      return composite(node, scope)
  }
}

type Leaf = 'nil' | 'bool' | 'int' | 'float' | 'string' | 'bytes' | 'identifier' | 'pointer'

function composite(node: Exclude<Node, { kind: Leaf }>, scope: Compiling): Run {
  // biome-ignore lint/nursery/useExhaustiveSwitchCases: the compiler checks it; the rule does not see Exclude
  switch (node.kind) {
    case 'unary':
      return unary(node, scope)
    case 'binary':
      return binary(node, scope)
    case 'chain':
      return chain(build(node.node, scope))
    case 'member':
      return member(node, scope)
    case 'slice':
      return sliced(node, scope)
    case 'call':
      return call(node, scope)
    case 'builtin':
      return compileBuiltin(node, (part) => build(part, scope), grow)
    case 'predicate':
      return build(node.node, scope)
    case 'let':
      return declaration(node, scope)
    case 'sequence':
      return sequence(node.nodes.map((part) => build(part, scope)))
    case 'conditional':
      return conditional(node, scope)
    case 'array':
      return array(node.nodes, node.at, scope)
    case 'map':
      return map(node, scope)
  }
}

function constant(value: unknown): Run {
  return () => value
}

function identifier(name: string, scope: Compiling): Run {
  const variable = scope.names.findLast(([known]) => known === name)
  if (variable) {
    const [, slot] = variable
    return (state) => state.variables[slot]
  }
  if (name === '$env') return (state) => state.env
  return (state) => (Object.hasOwn(state.env, name) ? (state.env[name] ?? null) : null)
}

function pointer(name: string, at: Location): Run {
  switch (name) {
    case 'index':
      return (state) => BigInt(state.scope?.index ?? 0)
    case 'acc':
      return (state) => state.scope?.accumulator
    default:
      return (state) => {
        state.at = at
        return itemAt(state.scope)
      }
  }
}

function unary({ operator, node, at }: Unary, scope: Compiling): Run {
  const inner = build(node, scope)
  if (operator === '+') return inner
  const apply = operator === '-' ? negate : (value: unknown) => !asBool(value)
  return (state) => {
    const value = inner(state)
    state.at = at
    return apply(value)
  }
}

function binary(node: Binary, scope: Compiling): Run {
  return compileBinary(node, build(node.left, scope), build(node.right, scope))
}

function chain(inner: Run): Run {
  return (state) => {
    const value = inner(state)
    return value === broken ? null : value
  }
}

function member({ node, property, optional, at }: Member, scope: Compiling): Run {
  const base = build(node, scope)
  if (property.kind === 'string' && !optional) return field(base, property.value, at)
  const key = build(property, scope)
  return (state) => {
    const from = base(state)
    if (from === broken) return broken
    if (optional && isNil(from)) return broken
    const name = key(state)
    state.at = at
    return fetch(from, name)
  }
}

function field(base: Run, name: string, at: Location): Run {
  return (state) => {
    const from = base(state)
    if (from === broken) return broken
    state.at = at
    return fetch(from, name)
  }
}

function sliced({ node, from, to, at }: Slice, scope: Compiling): Run {
  const base = build(node, scope)
  const start = from ? build(from, scope) : constant(0n)
  const end = to && build(to, scope)
  return (state) => {
    const list = base(state)
    if (list === broken) return broken
    state.at = at
    const last = end ? end(state) : lengthForSlice(list)
    const first = start(state)
    state.at = at
    return weighed(slice(list, first, last))
  }
}

function call({ callee, args, at }: Call, scope: Compiling): Run {
  const head = build(callee, scope)
  const tail = args.map((arg) => build(arg, scope))
  return (state) => {
    const values = tail.map((arg) => arg(state))
    const target = head(state)
    if (target === broken) return broken
    state.at = at
    if (isNil(target)) return panic('invalid operation: cannot call nil')
    if (typeof target !== 'function')
      return panic(`invalid operation: cannot call non-function of type ${goType(target)}`)
    return callFunction(target as GoFunction, values)
  }
}

function declaration({ name, value, body }: Let, scope: Compiling): Run {
  const initial = build(value, scope)
  const slot = scope.slots++
  scope.names.push([name, slot])
  const rest = build(body, scope)
  scope.names.pop()
  return (state) => {
    state.variables[slot] = initial(state)
    return rest(state)
  }
}

function sequence(nodes: readonly Run[]): Run {
  return (state) => {
    let last: unknown = null
    for (const node of nodes) last = node(state)
    return last
  }
}

function conditional(
  { condition, yes: then, no: otherwise, at }: Conditional,
  scope: Compiling,
): Run {
  const test = build(condition, scope)
  const yes = build(then, scope)
  const no = build(otherwise, scope)
  return (state) => {
    const decided = test(state)
    state.at = at
    return asBool(decided) ? yes(state) : no(state)
  }
}

function array(nodes: readonly Node[], at: Location, scope: Compiling): Run {
  const items = nodes.map((node) => build(node, scope))
  return (state) => {
    const values = items.map((item) => item(state))
    state.at = at
    grow(state, values.length)
    return weighed(values)
  }
}

function map({ pairs, at }: Extract<Node, { kind: 'map' }>, scope: Compiling): Run {
  const entries = pairs.map(({ key, value }) => [build(key, scope), build(value, scope)] as const)
  return (state) => {
    const values = entries.map(([key, value]) => [key(state), value(state)] as const)
    state.at = at
    grow(state, values.length)
    const made: Record<string, unknown> = {}
    // Upstream fills the map from the back, so the first of two equal keys stays.
    for (const [key, value] of values.toReversed()) put(made, asString(key), value)
    return weighed(made)
  }
}

function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value
  else
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
}
