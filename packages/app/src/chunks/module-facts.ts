import { type AnyNode, type Identifier, type Program, parse } from 'acorn'

type Children = Readonly<Record<string, unknown>>

/** A name that a module uses: where it stands, and in what. */
export interface Use {
  readonly node: Identifier
  readonly parent: AnyNode
}

/** What is to be known of a module before it can become a script. */
export interface ModuleFacts {
  readonly program: Program
  /** `import(…)` and `import.meta`, and whatever else may stand anywhere. */
  readonly nodes: readonly AnyNode[]
  readonly uses: ReadonlyMap<string, readonly Use[]>
  /** Names that some function gives a value, maybe after the module has been run. */
  readonly assignedLater: ReadonlySet<string>
}

const isFunction = /^(Function|ArrowFunction|PropertyDefinition|StaticBlock|MethodDefinition)/

export function moduleFacts(text: string): ModuleFacts {
  const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module' })
  const nodes: AnyNode[] = []
  const uses = new Map<string, Use[]>()
  const assignedLater = new Set<string>()
  const visit = (node: AnyNode, parent: AnyNode, inFunction: boolean): void => {
    if (node.type === 'Identifier') {
      if (isReference(node, parent)) put(uses, node.name, { node, parent })
    } else nodes.push(node)
    if (inFunction) for (const name of assignedBy(node)) assignedLater.add(name)
    const within = inFunction || isFunction.test(node.type)
    for (const child of childrenOf(node)) visit(child, node, within)
  }
  visit(program, program, false)
  return { program, nodes, uses, assignedLater }
}

function put<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const list = lists.get(name)
  if (list) list.push(one)
  else lists.set(name, [one])
}

function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node as unknown as Children)) {
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each)) yield each
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** Not the name of a property, of a label or of what a module gives away. */
function isReference(node: Identifier, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.computed || parent.object === node
    case 'Property':
      return parent.computed || parent.value === node
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return parent.computed || parent.key !== node
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportSpecifier':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return false
    default:
      return true
  }
}

function assignedBy(node: AnyNode): readonly string[] {
  if (node.type === 'AssignmentExpression') return [...namesIn(node.left)]
  if (node.type === 'UpdateExpression') return [...namesIn(node.argument)]
  if (node.type !== 'ForInStatement' && node.type !== 'ForOfStatement') return []
  return node.left.type === 'VariableDeclaration' ? [] : [...namesIn(node.left)]
}

/** Maybe too many, as `b` of `[a = b] = c`: who takes too many for changing is right, and a little slower. */
function* namesIn(node: AnyNode): Generator<string> {
  if (node.type === 'MemberExpression') return
  if (node.type === 'Identifier') yield node.name
  for (const child of childrenOf(node)) yield* namesIn(child)
}
