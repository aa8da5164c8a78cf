import { childrenOf, type Member, type Node } from './ast.ts'

/** A chain of members that an expression reads, beginning at a name of the environment. */
export interface VariablePath {
  readonly path: readonly string[]
  /** Read through `?.` or left of `??`, so that it may be absent. */
  readonly guarded: boolean
}

/** Every longest chain of constant members; locals of `let` and predicates are left out. */
export function variablesOf(tree: Node): readonly VariablePath[] {
  const found = new Map<string, VariablePath>()
  collect(tree, { guarded: false, locals: [] }, (path, guarded) => {
    const key = JSON.stringify(path)
    const known = found.get(key)
    found.set(key, { path, guarded: guarded && (known?.guarded ?? true) })
  })
  return [...found.values()]
}

interface Place {
  readonly guarded: boolean
  readonly locals: readonly string[]
}

type Put = (path: readonly string[], guarded: boolean) => void

function collect(node: Node, place: Place, put: Put): void {
  switch (node.kind) {
    case 'identifier':
      if (!place.locals.includes(node.name)) put([node.name], place.guarded)
      return
    case 'member':
      member(node, place, put)
      return
    case 'let':
      collect(node.value, place, put)
      collect(node.body, { ...place, locals: [...place.locals, node.name] }, put)
      return
    case 'binary':
      collect(node.left, node.operator === '??' ? { ...place, guarded: true } : place, put)
      collect(node.right, place, put)
      return
    default:
      for (const child of childrenOf(node)) collect(child, place, put)
  }
}

function member(node: Member, place: Place, put: Put): void {
  const chain = chainOf(node)
  if (chain) {
    if (!place.locals.includes(chain.path[0] ?? ''))
      put(chain.path, place.guarded || chain.optional)
    return
  }
  collect(node.node, node.optional ? { ...place, guarded: true } : place, put)
  collect(node.property, place, put)
}

function chainOf(node: Member): { path: readonly string[]; optional: boolean } | undefined {
  const path: string[] = []
  let optional = false
  for (let current: Node = node; ; ) {
    if (current.kind === 'chain') {
      current = current.node
      continue
    }
    if (current.kind === 'identifier') return { path: [current.name, ...path.reverse()], optional }
    if (current.kind !== 'member' || current.property.kind !== 'string') return undefined
    optional ||= current.optional
    path.push(current.property.value)
    current = current.node
  }
}
