/** One step of a JSONPath. */
export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'union'; readonly steps: readonly PathStep[] }
  | { readonly kind: 'filter'; readonly condition: Condition }
  /** `(@.length-1)`: an index counted from the end. */
  | { readonly kind: 'fromEnd'; readonly offset: number }

/** A mistake in a path; thrown inside this room only. */
export class PathMistake extends Error {}

/** What stands in a filter's parentheses. */
export type Condition =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare'
      readonly operator: string
      readonly left: Operand
      readonly right: Operand
    }
  | { readonly kind: 'exists'; readonly operand: Operand }

export type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  | {
      readonly kind: 'path'
      readonly from: 'root' | 'current'
      readonly steps: readonly PathStep[]
    }
