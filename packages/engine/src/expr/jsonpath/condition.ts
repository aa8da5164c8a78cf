import type { PathStep } from './path.ts'

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
