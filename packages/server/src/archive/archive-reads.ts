import type { ArchiveKey } from './archive.ts'
import type { PhaseCounts } from './phase-counts.ts'
import type { SearchPlan } from './sql/search-plan.ts'

/** What a SQLite archive is asked; questions and answers can go from thread to thread. */
export type Question =
  | { readonly what: 'get'; readonly key: ArchiveKey }
  | { readonly what: 'list'; readonly plan: SearchPlan }
  | { readonly what: 'count'; readonly plan: SearchPlan }
  | { readonly what: 'phases'; readonly plan: SearchPlan }
  | { readonly what: 'labelKeys'; readonly namespace: string }
  | { readonly what: 'labelValues'; readonly key: string; readonly namespace: string }

export interface Answers {
  /** A workflow as JSON. */
  readonly get: string | undefined
  readonly list: readonly ListedText[]
  readonly count: number
  readonly phases: PhaseCounts | undefined
  readonly labelKeys: readonly string[]
  readonly labelValues: readonly string[]
}

/** A place in the archive, and what a list tells of the run there, as JSON. */
export interface ListedText {
  readonly key: number
  readonly summary: string
}

export type Ask = <Q extends Question>(question: Q) => Promise<Answers[Q['what']]>
