import { childrenOf, type Member, type Node } from './expr-lang/ast.ts'
import { parseExpr } from './expr-lang/parser.ts'
import { ExprMistake } from './expr-lang/source-error.ts'

const cache = new Map<string, readonly string[] | undefined>()
const cacheLimit = 1024

/**
 * The variables an expression needs: names and dotted paths, but no path that `??` or `?.` guards.
 * Undefined when it cannot be parsed.
 */
export function identifiersOf(source: string): readonly string[] | undefined {
  if (cache.has(source)) return cache.get(source)
  const found = find(source)
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(source, found)
  return found
}

function find(source: string): readonly string[] | undefined {
  let tree: Node
  try {
    tree = parseExpr(source, new Set())
  } catch (mistake) {
    if (mistake instanceof ExprMistake) return undefined
    throw mistake
  }
  const guarded = new Set<Node>()
  walk(tree, (node) => addGuarded(node, guarded))
  const names = new Set<string>()
  walk(tree, (node) => {
    if (guarded.has(node)) return
    if (node.kind === 'identifier') names.add(node.name)
    const path = node.kind === 'member' ? memberPath(node) : undefined
    if (path !== undefined) names.add(path)
  })
  return [...names]
}

function walk(node: Node, visit: (node: Node) => void): void {
  for (const child of childrenOf(node)) walk(child, visit)
  visit(node)
}

function addGuarded(node: Node, guarded: Set<Node>): void {
  if (node.kind === 'binary' && node.operator === '??') {
    walk(node.left, (inner) => {
      if (inner.kind === 'member') guarded.add(inner)
    })
  }
  if (node.kind === 'member' && node.optional && node.node.kind === 'member') {
    guarded.add(node.node)
  }
}

function memberPath(member: Member): string | undefined {
  const parts: string[] = []
  for (let at: Node = member; ; at = at.node) {
    if (at.kind === 'identifier') return [at.name, ...parts].join('.')
    if (at.kind !== 'member' || at.optional || at.property.kind !== 'string') return undefined
    parts.unshift(at.property.value)
  }
}

/** Whether the environment has something at a dotted path; nil counts. */
export function isKnown(environment: Readonly<Record<string, unknown>>, path: string): boolean {
  if (Object.hasOwn(environment, path)) return true
  let at: unknown = environment
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false
    at = (at as Readonly<Record<string, unknown>>)[part]
  }
  return true
}
