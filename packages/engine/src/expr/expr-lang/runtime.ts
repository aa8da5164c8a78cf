import { panic } from '../go-panic.ts'
import type { Location } from './source-error.ts'

/** One evaluation in progress. */
export interface State {
  readonly env: Readonly<Record<string, unknown>>
  /** Values of `let` variables, by slot. */
  readonly variables: unknown[]
  /** Milliseconds since 1970 for `now()`. */
  readonly now: number | undefined
  scope: Scope | undefined
  /** The node that would be to blame. */
  at: Location
  memory: number
  /** Items that predicates have looked at. */
  steps: number
}

/** The collection that a predicate walks through. */
export interface Scope {
  readonly items: ArrayLike<unknown>
  index: number
  accumulator: unknown
}

/** A compiled node. */
export type Run = (state: State) => unknown

/** What a predicate walks through when it was given a map: it has a length but no items. */
export class Unindexable implements ArrayLike<never> {
  readonly length: number
  readonly [index: number]: never
  constructor(length: number) {
    this.length = length
  }
}

/** The item that a predicate is looking at. */
export function itemAt(scope: Scope | undefined): unknown {
  if (scope === undefined) return null
  const item = scope.items[scope.index] ?? null
  if (Array.isArray(scope.items)) return item
  if (scope.items instanceof Unindexable)
    return panic('reflect: call of reflect.Value.Index on map Value')
  return scope.items instanceof Uint8Array ? BigInt(Number(item)) : item
}
