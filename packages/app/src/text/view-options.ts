import type { FieldSelector } from '@argosy/engine'
import type { Paint } from '../output/paint.ts'

/** How a workflow is shown. */
export interface ViewOptions {
  readonly now: number
  readonly paint: Paint
  readonly format: 'plain' | 'wide' | 'short'
  /** False: only letters that every terminal has. */
  readonly utf8: boolean
  /** The nodes that are shown; the others' children move up. */
  readonly select?: FieldSelector
}
