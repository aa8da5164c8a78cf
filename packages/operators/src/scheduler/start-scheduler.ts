import { formatTime, type JsonObject, type KubeObject, type Pod } from '@argosy/engine'
import { Informer, type InformerChange, ignore, type Ref, resources } from '@argosy/kube'
import { isPodEnded, isPodLeaving, type KeeperOptions, refOf } from '@argosy/kube/workload'
import { type Candidate, chooseNode, isChoosy } from './choose-node.ts'

interface NodeObject extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean }
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly allocatable?: Readonly<Record<string, string>>
  }
}

/**
 * Gives pods that have no node one of those that are there, in the order of their coming. For nodes in processes of
 * their own: the node inside a server takes what nobody has by itself. Dispose to stop.
 */
export function startScheduler(options: KeeperOptions): AsyncDisposable {
  const stop = new AbortController()
  const scheduler = new Scheduler(options)
  const running = scheduler.run(stop.signal)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

class Scheduler {
  readonly #options: KeeperOptions
  readonly #pods: Informer<Pod>
  readonly #nodes: Informer<NodeObject>
  /** Pods without a node, in the order of their coming. */
  readonly #waiting = new Set<string>()
  /** Where pods are that have not ended. */
  readonly #places = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly #told = new Map<string, string>()

  constructor(options: KeeperOptions) {
    this.#options = options
    const { client, clock } = options
    const onError = (error: unknown) => this.#log(String(error))
    this.#pods = new Informer<Pod>({
      ...{ client, clock, onError, query: { resource: resources.pods } },
      onBatch: (changes) => this.#hear(changes),
    })
    this.#nodes = new Informer<NodeObject>({
      ...{ client, clock, onError, query: { resource: resources.nodes } },
      onBatch: () => this.#place(),
    })
  }

  async run(signal: AbortSignal): Promise<void> {
    const nodes = this.#nodes.run(signal)
    // Not before all nodes are known: the first of them would get everything.
    await Promise.race([this.#nodes.listed, nodes])
    await Promise.all([nodes, this.#pods.run(signal)])
  }

  #hear(changes: readonly InformerChange<Pod>[]): void {
    for (const { type, key, entry } of changes) {
      if (type === 'DELETED') this.#forget(key)
      else this.#file(key, entry.object)
    }
    this.#place()
  }

  #file(key: string, pod: Pod): void {
    const { nodeName } = pod.spec
    if (isPodEnded(pod)) this.#forget(key)
    else if (nodeName) {
      this.#leave(key)
      this.#settle(key, nodeName)
    } else if (isPodLeaving(pod)) this.#bury(key, pod)
    else if (!this.#places.has(key)) this.#waiting.add(key)
  }

  #forget(key: string): void {
    this.#leave(key)
    const node = this.#places.get(key)
    if (node === undefined) return
    this.#places.delete(key)
    this.#counts.set(node, (this.#counts.get(node) ?? 1) - 1)
  }

  #leave(key: string): void {
    this.#waiting.delete(key)
    this.#told.delete(key)
  }

  #settle(key: string, node: string): void {
    if (this.#places.has(key)) return
    this.#places.set(key, node)
    this.#counts.set(node, (this.#counts.get(node) ?? 0) + 1)
  }

  /** It runs nowhere: nothing of it has to be waited for. */
  #bury(key: string, pod: Pod): void {
    this.#forget(key)
    const { uid } = pod.metadata
    const how = { gracePeriodSeconds: 0, ...(uid !== undefined && { uid }) }
    const removal = this.#options.client.remove(refOf(resources.pods, pod), how)
    this.#follow(removal.catch(ignore('NotFound', 'Conflict')))
  }

  #place(): void {
    for (const key of this.#waiting) {
      const pod = this.#pods.get(key)
      if (!pod) {
        this.#waiting.delete(key)
        continue
      }
      const placement = chooseNode(pod, this.#candidates())
      if ('node' in placement) this.#bind(key, pod, placement.node)
      else {
        this.#refuse(key, pod, placement.message)
        // What the first in line cannot have, those behind it cannot have either, unless they want something special.
        if (!isChoosy(pod)) return
      }
    }
  }

  #candidates(): readonly Candidate[] {
    return [...this.#nodes.entries()].map(({ name, object: { metadata, spec, status } }) => ({
      name,
      isReady: status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
      isCordoned: spec?.unschedulable === true,
      labels: metadata.labels ?? {},
      pods: this.#counts.get(name) ?? 0,
      room: Number(status?.allocatable?.['pods'] ?? 110),
    }))
  }

  #bind(key: string, pod: Pod, nodeName: string): void {
    this.#leave(key)
    this.#settle(key, nodeName)
    const write = this.#write(pod, {
      spec: { nodeName },
      status: { conditions: [this.#condition({ status: 'True' })] },
    })
    this.#follow(
      write.catch((error: unknown) => {
        // It may have gone meanwhile; then its end is told, too.
        this.#forget(key)
        this.#waiting.add(key)
        throw error
      }),
    )
  }

  #refuse(key: string, pod: Pod, message: string): void {
    if (this.#told.get(key) === message) return
    this.#told.set(key, message)
    const condition = this.#condition({ status: 'False', reason: 'Unschedulable', message })
    this.#follow(this.#write(pod, { status: { conditions: [condition] } }))
  }

  #condition(what: { status: string; reason?: string; message?: string }) {
    const lastTransitionTime = formatTime(this.#options.clock.now())
    return { type: 'PodScheduled', ...what, lastTransitionTime }
  }

  async #write(pod: Pod, change: JsonObject): Promise<void> {
    const ref: Ref = refOf(resources.pods, pod)
    const { uid = '' } = pod.metadata
    const body = { metadata: { uid }, ...change }
    await this.#options.client
      .patch(ref, { type: 'merge', subresource: 'status', body })
      .catch(ignore('NotFound', 'Conflict'))
  }

  #follow(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#log(String(error)))
  }

  #log(line: string): void {
    this.#options.log?.(`scheduler: ${line}`)
  }
}
