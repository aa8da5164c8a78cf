/** A template as Kubernetes' own JSONPath reads it: texts, and actions that are lists of steps. */
export type Node =
  | ListNode
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'array'; readonly bounds: Bounds }
  | {
      readonly kind: 'filter'
      readonly left: ListNode
      readonly right: ListNode
      readonly operator: string
    }
  | { readonly kind: 'literal'; readonly value: number | boolean | Real }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'union'; readonly lists: readonly ListNode[] }
  | { readonly kind: 'identifier'; readonly name: string }

export interface ListNode {
  readonly kind: 'list'
  readonly nodes: readonly Node[]
}

/** From, to and step of a slice; a bound that is not written is undefined. */
export interface Bounds {
  readonly from: number | undefined
  readonly to: number | undefined
  /** One past `from`, because only an index was written. */
  readonly derived: boolean
  readonly step: number | undefined
}

/** A number written with a point: it compares with no integer. */
export class Real {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A mistake in a template, or of its use; thrown inside this room only. */
export class JsonPathMistake extends Error {}
