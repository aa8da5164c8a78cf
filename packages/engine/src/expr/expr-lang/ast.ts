import type { Location } from './source-error.ts'

/** A node of an expression's tree. */
export type Node =
  | Plain<'nil'>
  | (Plain<'bool'> & { readonly value: boolean })
  | (Plain<'int'> & { readonly value: bigint })
  | (Plain<'float'> & { readonly value: number })
  | (Plain<'string'> & { readonly value: string })
  | (Plain<'bytes'> & { readonly value: Uint8Array })
  | (Plain<'identifier'> & { readonly name: string })
  | Unary
  | Binary
  | (Plain<'chain'> & { readonly node: Node })
  | Member
  | Slice
  | Call
  | Builtin
  | (Plain<'predicate'> & { readonly node: Node })
  | (Plain<'pointer'> & { readonly name: string })
  | Let
  | (Plain<'sequence'> & { readonly nodes: readonly Node[] })
  | Conditional
  | (Plain<'array'> & { readonly nodes: readonly Node[] })
  | (Plain<'map'> & { readonly pairs: readonly Pair[] })

interface Plain<Kind extends string> {
  readonly kind: Kind
  readonly at: Location
}

export interface Unary extends Plain<'unary'> {
  readonly operator: string
  readonly node: Node
}

export interface Binary extends Plain<'binary'> {
  readonly operator: string
  readonly left: Node
  readonly right: Node
}

export interface Member extends Plain<'member'> {
  readonly node: Node
  readonly property: Node
  readonly optional: boolean
  readonly method: boolean
}

export interface Slice extends Plain<'slice'> {
  readonly node: Node
  readonly from: Node | undefined
  readonly to: Node | undefined
}

export interface Call extends Plain<'call'> {
  readonly callee: Node
  readonly args: readonly Node[]
}

export interface Builtin extends Plain<'builtin'> {
  readonly name: string
  readonly args: readonly Node[]
  /** `filter(…)[0]`: an empty result is an error instead of nil. */
  readonly throws?: boolean
}

export interface Let extends Plain<'let'> {
  readonly name: string
  readonly value: Node
  readonly body: Node
}

export interface Conditional extends Plain<'conditional'> {
  readonly condition: Node
  readonly yes: Node
  readonly no: Node
}

export interface Pair {
  readonly key: Node
  readonly value: Node
}

/** The parts of a node, in order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'unary':
    case 'chain':
    case 'predicate':
      return [node.node]
    case 'binary':
      return [node.left, node.right]
    case 'member':
      return [node.node, node.property]
    case 'slice':
      return [node.node, node.from, node.to].filter((part) => part !== undefined)
    case 'call':
      return [node.callee, ...node.args]
    case 'builtin':
      return node.args
    case 'let':
      return [node.value, node.body]
    case 'sequence':
    case 'array':
      return node.nodes
    case 'conditional':
      return [node.condition, node.yes, node.no]
    case 'map':
      return node.pairs.flatMap(({ key, value }) => [key, value])
    default:
      return []
  }
}
