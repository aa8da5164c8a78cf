import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import {
  type Client,
  type Clock,
  Informer,
  objectKey,
  Queue,
  type QueueMeters,
  type Resource,
  resources,
  runController,
} from '@argosy/kube'
import type { Deleter } from './collect-artifacts.ts'
import { collectPod } from './collect-pod.ts'
import { collectWorkflow } from './collect-workflow.ts'

export interface GarbageCollectorOptions {
  readonly client: Client
  readonly clock: Clock
  /** Deletes what artifactGC wants gone. */
  readonly remove: Deleter
  /** One line per surprise. */
  readonly log?: (line: string) => void
  readonly meters?: QueueMeters
}

const completed = 'workflows.argoproj.io/completed=true'

/**
 * Deletes finished workflows when their ttlStrategy says so, pods by podGC and artifacts by artifactGC. Told by name only; what is due is read
 * from the objects, so a restart forgets nothing. Dispose to stop.
 */
export async function startGarbageCollector(
  options: GarbageCollectorOptions,
): Promise<AsyncDisposable> {
  const { client, clock, remove, meters, log = () => undefined } = options
  const stop = new AbortController()
  // Pods wait in it too: upstream has a queue of its own for each.
  const meter = meters?.of('workflow_ttl_queue')
  const queue = new Queue({ clock, ...(meter && { meter }) })
  const watch = <T extends KubeObject>(resource: Resource) => {
    const informer = new Informer<T>({
      client,
      clock,
      query: { resource, labelSelector: completed },
      onBatch: (changes) => {
        for (const { type, entry } of changes) {
          if (type === 'DELETED') continue
          queue.add(`${resource.plural}/${objectKey(entry.namespace, entry.name)}`)
        }
      },
      onError: (error) => log(`garbage collector: ${String(error)}`),
    })
    return informer.run(stop.signal)
  }
  const work = runController(
    {
      queue,
      reconcile: (key, signal) => {
        const [plural, namespace = '', name = ''] = key.split('/')
        const now = clock.now()
        return plural === resources.pods.plural
          ? collectPod(client, { namespace, name }, now, signal)
          : collectWorkflow(client, { namespace, name }, { now, remove }, signal)
      },
      onError: (error, key) => log(`garbage collector: ${key}: ${String(error)}`),
    },
    stop.signal,
  )
  const running = [watch<Workflow>(resources.workflows), watch<Pod>(resources.pods), work]
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.allSettled(running)
    },
  }
}
