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
}

/** The collection that a predicate walks through. */
export interface Scope {
  readonly items: ArrayLike<unknown>
  index: number
  accumulator: unknown
}

/** A compiled node. */
export type Run = (state: State) => unknown
