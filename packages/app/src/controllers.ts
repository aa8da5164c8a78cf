import type { Client, Clock } from '@argosy/kube'
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
}

/** Argo's controllers, against any Kubernetes. Resolves once they watch; dispose to stop, which leaves steps running. */
export async function startControllers(options: ControllersOptions): Promise<AsyncDisposable> {
  const { client, clock, log, remove, metrics } = options
  const open = new AsyncDisposableStack()
  const started = await Promise.all([
    startWorkflowOperator({ client, clock, metrics, log: (line) => log(`operator: ${line}`) }),
    startGarbageCollector({ client, clock, log, remove }),
    startCronOperator({ client, clock, log }),
  ])
  for (const one of started) open.use(one)
  return open
}
