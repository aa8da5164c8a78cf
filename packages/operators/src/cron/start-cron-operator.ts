import type { CronWorkflow, Workflow, WorkflowTemplate } from '@argosy/engine'
import {
  type Client,
  type Clock,
  Informer,
  instanceSelector,
  objectKey,
  Queue,
  type QueueMeters,
  resources,
  runController,
} from '@argosy/kube'
import { CronRuns } from './cron-runs.ts'

export interface CronOperatorOptions {
  readonly client: Client
  readonly clock: Clock
  /** One line per surprise. */
  readonly log?: (line: string) => void
  readonly meters?: QueueMeters
  /** Only CronWorkflows of the controller with this id, '' being the one without; all by default. */
  readonly instance?: string
}

const ofCron = 'workflows.argoproj.io/cron-workflow'

/**
 * Makes the workflows of CronWorkflows when they are due. Told by name only; what is due is worked out from the objects,
 * and the name of a run from its tick, so a restart makes nothing twice. Dispose to stop.
 */
export async function startCronOperator(options: CronOperatorOptions): Promise<AsyncDisposable> {
  const { client, clock, meters, instance, log = () => undefined } = options
  const own = instance === undefined ? [] : [instanceSelector(instance)]
  const stop = new AbortController()
  const meter = meters?.of('cron_wf_queue')
  const queue = new Queue({ clock, ...(meter && { meter }) })
  const runs = new CronRuns(client, clock)
  const onError = (error: unknown) => log(`cron: ${String(error)}`)
  const crons = new Informer<CronWorkflow>({
    client,
    clock,
    query: {
      resource: resources.cronWorkflows,
      ...(instance !== undefined && { labelSelector: instanceSelector(instance) }),
    },
    onBatch: (changes) => {
      for (const { key } of changes) queue.add(key)
    },
    onError,
  })
  const workflows = new Informer<Workflow>({
    client,
    clock,
    query: { resource: resources.workflows, labelSelector: [ofCron, ...own].join(',') },
    onBatch: (changes) => {
      for (const { entry } of changes) {
        const cron = entry.object.metadata.labels?.[ofCron]
        if (cron !== undefined) queue.add(objectKey(entry.namespace, cron))
      }
    },
    onError,
  })
  const templates = [resources.workflowTemplates, resources.clusterWorkflowTemplates].map(
    (resource) =>
      new Informer<WorkflowTemplate>({
        client,
        clock,
        query: { resource },
        onBatch: () => {
          for (const key of runs.wrong) queue.add(key)
        },
        onError,
      }),
  )
  const work = runController(
    {
      queue,
      reconcile: (key, signal) => runs.reconcile(key, signal),
      onError: (error, key) => log(`cron: ${key}: ${String(error)}`),
    },
    stop.signal,
  )
  const informers = [crons, workflows, ...templates]
  const running = [...informers.map((informer) => informer.run(stop.signal)), work]
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.allSettled(running)
    },
  }
}
