import type { Condition } from './condition.ts'

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
