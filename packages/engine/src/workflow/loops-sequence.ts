import type { Json } from '../spec/json.ts'
import type { Sequence } from '../spec/workflow.ts'
import type { Items } from './loops.ts'

/** The items of `withSequence`: texts, made one at a time. */
export function sequenceItems(
  _sequence: Sequence,
): { readonly items: Items } | { readonly problem: string } {
  const items: readonly Json[] = []
  return { items }
}
