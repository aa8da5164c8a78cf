import { type Client, type Clock, instanceClient, type QueueMeters } from '@argosy/kube'
import {
  type Deleter,
  startCronOperator,
  startGarbageCollector,
  startWorkflowOperator,
  type WorkflowOperatorOptions,
} from '@argosy/operators'
import { startAll } from './start-all.ts'

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
  /** Only what belongs to the controller of this id, '' being the one without; all by default. */
  readonly instance?: string
}

/** Argo's controllers, against any Kubernetes. Resolves once they watch; dispose to stop, which leaves steps running. */
export async function startControllers(options: ControllersOptions): Promise<AsyncDisposable> {
  const { client, clock, log, remove, metrics, meters, instance } = options
  const base = { clock, ...(meters && { meters }) }
  const given = { ...base, client, ...(instance !== undefined && { instance }) }
  const own = instance === undefined ? client : instanceClient(client, instance)
  await using open = new AsyncDisposableStack()
  await startAll(open, [
    startWorkflowOperator({ ...given, metrics, log: (line) => log(`operator: ${line}`) }),
    startGarbageCollector({ ...base, client: own, log, remove }),
    startCronOperator({ ...given, log }),
  ])
  return open.move()
}
