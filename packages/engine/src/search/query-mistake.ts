import type { QueryProblem } from './query.ts'

/** Ends the reading of a search; caught where it began. */
export class QueryMistake extends Error {
  readonly problem: QueryProblem

  constructor(
    message: string,
    { at, end }: { readonly at: number; readonly end: number },
    suggestion?: string,
  ) {
    super(message)
    this.name = 'QueryMistake'
    this.problem = { message, at, end, ...(suggestion !== undefined && { suggestion }) }
  }
}
