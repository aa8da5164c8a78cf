import type { GoRegexp } from '@argosy/engine'
import type { PodLogOptions } from './pod-log.ts'

/** What of a workflow's logs is asked for. */
export interface LogsQuery extends PodLogOptions {
  readonly pod?: string
  /** Of pods, beside the workflow's own. */
  readonly selector?: string
  readonly grep?: GoRegexp
  readonly timestamps: boolean
}

/** A line for `stdout`, without its line break. */
export type WriteLine = (pod: string, content: string) => void
