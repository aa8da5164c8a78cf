import type { Pod } from '../spec/pod.ts'
import type { NodePhase, WorkflowTaskResult } from '../spec/status.ts'
import type { Outputs } from '../spec/workflow.ts'

/** What a pod and its report say about their node. */
export interface Observation {
  readonly phase: NodePhase
  readonly message?: string
  readonly daemoned?: boolean
  readonly podIP?: string
  readonly hostNodeName?: string
  readonly outputs?: Outputs
  readonly progress?: string
  readonly finishedAt?: string
  readonly resourcesDuration?: Readonly<Record<string, number>>
  /** The pod has ended, and the report that it owes has come. */
  readonly synced: boolean
}

export function observePod(
  _pod: Pod,
  _result: WorkflowTaskResult | undefined,
  _options: { readonly expectsResult: boolean; readonly daemon: boolean; readonly now: number },
): Observation {
  return { phase: 'Pending', synced: false }
}
