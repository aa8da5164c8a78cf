import {
  advance,
  type KubeObject,
  load,
  type MetricEffect,
  type Pod,
  type Workflow,
  type WorkflowTaskResult,
} from '@argosy/engine'
import {
  type Client,
  type Clock,
  instanceSelector,
  type QueueMeters,
  type Resource,
  resources,
} from '@argosy/kube'
import { follow, type Reader, type Surroundings } from './follow.ts'
import type { Inventory } from './inventory.ts'
import { type Engine, WorkflowRuns } from './workflow-runs.ts'
import { WorldCache } from './world-cache.ts'

export interface WorkflowOperatorOptions {
  readonly client: Client
  readonly clock: Clock
  /** The real one, unless a test has a simpler one. */
  readonly engine?: Engine
  /** One line per surprise; nothing is logged when all goes well. */
  readonly log?: (line: string) => void
  /** How many workflows may run at the same time, and in one namespace; the controller's ConfigMap overrides them. */
  readonly parallelism?: number
  readonly namespaceParallelism?: number
  /** Told of the custom metrics of workflows, once what they speak of is written. */
  readonly metrics?: (effects: readonly MetricEffect[]) => void
  readonly meters?: QueueMeters
  /** Only this namespace; all by default. */
  readonly namespace?: string
  /** Only workflows of the controller with this id, '' being the one without; all by default. argo: instanceID. */
  readonly instance?: string
}

const realEngine: Engine = { load, advance }
const unfinished = 'workflows.argoproj.io/completed!=true'
const limited = 'workflows.argoproj.io/parallelism-limit'
const ofWorkflow = 'workflows.argoproj.io/workflow'

/** Brings every unfinished Workflow to its end. Resolves once it watches; dispose to stop, which leaves steps running. */
export async function startWorkflowOperator(
  options: WorkflowOperatorOptions,
): Promise<AsyncDisposable> {
  const { client, clock, engine = realEngine, namespace, instance, log = () => undefined } = options
  const { metrics, meters } = options
  const around: Surroundings = {
    ...{ client, clock, log },
    ...(metrics && { metrics }),
    ...(meters && { meters }),
  }
  const stop = new AbortController()
  const world = new WorldCache(client, () => runs.hearWorld())
  const { parallelism = 0, namespaceParallelism = 0 } = options
  const limits = { parallelism, namespaceParallelism }
  const runs = new WorkflowRuns(engine, world, { ...around, limits }, stop.signal)
  const ended: Promise<void>[] = []

  async function read<T extends KubeObject>(
    resource: Resource,
    reader: Reader<T>,
    labelSelector?: string,
    early = false,
  ): Promise<void> {
    const query = {
      ...{ resource, early },
      ...(namespace !== undefined && resource.namespaced && { namespace }),
      ...(labelSelector !== undefined && { labelSelector }),
    }
    ended.push((await follow(query, reader, around, stop.signal)).ended)
  }

  await Promise.all([
    read(resources.workflowTemplates, world.reader(resources.workflowTemplates)),
    read(resources.clusterWorkflowTemplates, world.reader(resources.clusterWorkflowTemplates)),
    read(resources.configMaps, world.reader(resources.configMaps)),
  ])
  // Namespaces belong to the cluster: who looks after one of them only may not list them.
  if (namespace === undefined) await read(resources.namespaces, limitsOf(runs), limited)
  const start = new Start(runs)
  const own = instance === undefined ? unfinished : `${unfinished},${instanceSelector(instance)}`
  await read(resources.workflows, start.workflows, own)
  // After the Workflows: what their statuses speak of is in these lists.
  await Promise.all([
    // A run answers a pod's end with writes alone: both reach the disk at once.
    read(resources.pods, start.pods, ofWorkflow, true),
    read(resources.workflowTaskResults, start.results, ofWorkflow),
  ])
  start.begin()

  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await runs[Symbol.asyncDispose]()
      await Promise.all(ended)
    },
  }
}

/** Gathers the first lists, so that ten thousand runs begin from two of them; afterwards it only passes news on. */
class Start {
  readonly #runs: WorkflowRuns
  readonly #keys: string[] = []
  readonly #pods = new Map<string, Pod[]>()
  readonly #results = new Map<string, WorkflowTaskResult[]>()
  #podsAt = ''
  #resultsAt = ''
  #begun = false
  readonly #waiting: (() => void)[] = []

  constructor(runs: WorkflowRuns) {
    this.#runs = runs
  }

  readonly workflows: Reader<Workflow> = {
    start: (items) => {
      this.#runs.adopt(items)
      // Who stands first asks first: then the lines before locks are as they were.
      const keys = items
        .toSorted(byRank)
        .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`)
      if (!this.#begun) this.#keys.push(...keys)
      else {
        this.#runs.reload()
        this.#runs.begin(keys)
      }
    },
    hear: (batch) => {
      for (const event of batch) this.#runs.hearWorkflow(event)
    },
  }

  readonly pods: Reader<Pod> = {
    start: (items, version) => {
      if (this.#begun) this.#runs.reload()
      else this.#podsAt = gather(items, this.#pods, version)
    },
    hear: (batch) =>
      this.#once(batch, (events) => {
        for (const event of events) this.#runs.hearPod(event)
      }),
  }

  readonly results: Reader<WorkflowTaskResult> = {
    start: (items, version) => {
      if (this.#begun) this.#runs.reload()
      else this.#resultsAt = gather(items, this.#results, version)
    },
    hear: (batch) =>
      this.#once(batch, (events) => {
        for (const event of events) this.#runs.hearResult(event)
      }),
  }

  /** What is heard between the first lists and the beginning waits for it: nobody has a place for it yet. */
  #once<T>(batch: readonly T[], hear: (events: readonly T[]) => void): void {
    if (this.#begun) {
      hear(batch)
      return
    }
    // The batch is emptied as soon as the next one is asked for.
    const kept = [...batch]
    this.#waiting.push(() => hear(kept))
  }

  begin(): void {
    this.#begun = true
    const stock = new Map<string, Inventory>()
    for (const key of this.#keys) {
      stock.set(key, {
        pods: this.#pods.get(key) ?? [],
        results: this.#results.get(key) ?? [],
        podsAt: this.#podsAt,
        resultsAt: this.#resultsAt,
      })
    }
    this.#runs.begin(this.#keys, stock)
    this.#pods.clear()
    this.#results.clear()
    for (const hear of this.#waiting.splice(0)) hear()
  }
}

/** Hears of the limits that namespaces set for themselves. */
function limitsOf(runs: WorkflowRuns): Reader<KubeObject> {
  const label = ({ metadata }: KubeObject) => metadata.labels?.[limited]
  return {
    start: (items) => {
      for (const item of items) runs.limitNamespace(item.metadata.name ?? '', label(item))
    },
    hear: (batch) => {
      for (const event of batch) {
        if (event.type === 'BOOKMARK') continue
        runs.limitNamespace(event.name, event.type === 'DELETED' ? undefined : label(event.object))
      }
    },
  }
}

function byRank(a: Workflow, b: Workflow): number {
  const born = ({ metadata }: Workflow) => metadata.creationTimestamp ?? ''
  const difference = (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0)
  return difference || (born(a) < born(b) ? -1 : born(a) > born(b) ? 1 : 0)
}

function gather<T extends KubeObject>(
  items: readonly T[],
  into: Map<string, T[]>,
  version: string,
): string {
  for (const item of items) {
    const { namespace, labels } = item.metadata
    const key = `${namespace ?? ''}/${labels?.[ofWorkflow]}`
    const list = into.get(key)
    if (list) list.push(item)
    else into.set(key, [item])
  }
  return version
}
