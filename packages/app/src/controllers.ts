import type { Client, Clock, QueueMeters } from '@argosy/kube'
import {
  type Deleter,
  startCronOperator,
  startGarbageCollector,
  startWorkflowOperator,
  type WorkflowOperatorOptions,
} from '@argosy/operators'

export interface ControllersOptions {
  readonly client: Client
  readonly clock: Clock
  /** What should not have happened, one line each. */
  readonly log: (line: string) => void
  /** Deletes artifacts that artifactGC wants gone. */
  readonly remove: Deleter
  readonly metrics: NonNullable<WorkflowOperatorOptions['metrics']>
  /** Of the controllers' queues. */
  readonly meters?: QueueMeters
}

/** Argo's controllers, against any Kubernetes. Resolves once they watch; dispose to stop, which leaves steps running. */
export async function startControllers(options: ControllersOptions): Promise<AsyncDisposable> {
  const { log, remove, metrics, meters } = options
  const given = { client: options.client, clock: options.clock, ...(meters && { meters }) }
  const open = new AsyncDisposableStack()
  const started = await Promise.all([
    startWorkflowOperator({ ...given, metrics, log: (line) => log(`operator: ${line}`) }),
    startGarbageCollector({ ...given, log, remove }),
    startCronOperator({ ...given, log }),
  ])
  for (const one of started) open.use(one)
  return open
}
