import type { WorkflowPhase } from '../spec/status.ts'

/**
 * What a search asks of a run, understood and typed: the same tree is evaluated here and compiled to SQL, so both find
 * the same. Every leaf is true or false of every run; what a run does not have (an end, a label) makes a leaf false.
 */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | Leaf

export type Leaf = TextLeaf | PairLeaf | MessageLeaf | PhaseLeaf | RangeLeaf

/** A field that every run has once. */
export interface TextLeaf {
  readonly kind: 'text'
  readonly field: 'name' | 'namespace' | 'uid' | 'template'
  readonly test: TextTest
}

/** A label or a parameter; with an empty key any of them. */
export interface PairLeaf {
  readonly kind: 'pair'
  readonly of: 'label' | 'param'
  readonly key: string
  readonly test: TextTest | NumberTest | { readonly is: 'present' }
}

/** What a run says of how it went, or anything that it says at all; letter case does not matter. */
export interface MessageLeaf {
  readonly kind: 'said'
  readonly field: 'message' | 'any'
  /** Folded; `whole`: a message from its beginning to its end. */
  readonly part: string
  readonly whole: boolean
}

export interface PhaseLeaf {
  readonly kind: 'phase'
  readonly phase: Exclude<WorkflowPhase, ''>
}

/** In milliseconds, `from` included and `to` not. */
export interface RangeLeaf {
  readonly kind: 'range'
  readonly field: RangeField
  readonly from?: number
  readonly to?: number
}

export type RangeField = 'created' | 'started' | 'finished' | 'duration'

export type TextTest =
  | { readonly is: 'equal'; readonly value: string }
  /** Parts with anything between them: `a*b` is ['a', 'b']. */
  | { readonly is: 'glob'; readonly parts: readonly string[] }
  /** Folded. */
  | { readonly is: 'contains'; readonly part: string }

export interface NumberTest {
  readonly is: 'number'
  readonly sign: '<' | '<=' | '>' | '>='
  readonly value: number
}

/** Why a search is not understood, and where. Positions count UTF-16 units from 0; `end` is excluded. */
export interface QueryProblem {
  readonly message: string
  readonly at: number
  readonly end: number
  /** What may have been meant, in place of what stands there. */
  readonly suggestion?: string
}

/** Letter case does not matter in parts of texts. */
export const fold = (text: string): string => text.toLowerCase()
