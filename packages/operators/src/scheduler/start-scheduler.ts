import { formatTime, type JsonObject, type KubeObject, type Pod } from '@argosy/engine'
import { Informer, type InformerChange, ignore, objectKey, type Ref, resources } from '@argosy/kube'
import { amountsOf, type Capacity, homeOfVolume, standingOf } from '@argosy/kube/placement'
import { isPodEnded, isPodLeaving, type KeeperOptions, refOf } from '@argosy/kube/workload'
import type { Candidate, Placed, Scene } from './candidate.ts'
import { chooseNode } from './choose-node.ts'
import { Places } from './places.ts'
import { WaitingLines } from './waiting-lines.ts'

interface NodeObject extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly allocatable?: Capacity
  }
}

interface Volume extends KubeObject {
  readonly spec: { readonly claimRef?: { readonly namespace?: string; readonly name?: string } }
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
  readonly #volumes: Informer<Volume>
  readonly #waiting = new WaitingLines()
  readonly #places = new Places()
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
    this.#volumes = new Informer<Volume>({
      ...{ client, clock, onError, query: { resource: resources.persistentVolumes } },
      onBatch: () => this.#place(),
    })
  }

  async run(signal: AbortSignal): Promise<void> {
    const nodes = this.#nodes.run(signal)
    // Not before all nodes are known: the first of them would get everything.
    const volumes = this.#volumes.run(signal)
    await Promise.race([Promise.all([this.#nodes.listed, this.#volumes.listed]), nodes])
    await Promise.all([nodes, volumes, this.#pods.run(signal)])
  }

  #hear(changes: readonly InformerChange<Pod>[]): void {
    // A list comes by names.
    for (const { type, key, entry } of changes.toSorted(byArrival)) {
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
      this.#places.settle(key, pod, nodeName)
    } else if (isPodLeaving(pod)) this.#bury(key, pod)
    else if (!this.#places.has(key)) this.#waiting.add(key, pod)
  }

  #forget(key: string): void {
    this.#leave(key)
    this.#places.forget(key)
  }

  #leave(key: string): void {
    this.#waiting.delete(key)
    this.#told.delete(key)
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
    let candidates: readonly Candidate[] | undefined
    this.#waiting.each((key) => {
      const pod = this.#pods.get(key)
      if (!pod) {
        this.#waiting.delete(key)
        return 'taken'
      }
      candidates ??= this.#candidates()
      const placement = chooseNode(pod, this.#scene(candidates))
      if ('node' in placement) {
        this.#bind(key, pod, placement.node)
        candidates = undefined
        return 'taken'
      }
      this.#refuse(key, pod, placement.message)
      // Whether others want it elsewhere depends on its labels.
      return this.#places.hasExclusive ? 'skip' : 'close'
    })
  }

  #scene(candidates: readonly Candidate[]): Scene {
    return {
      candidates,
      placed: () => this.#withPods(this.#places.entries()),
      exclusive: () => this.#withPods(this.#places.exclusive()),
      homeOf: (namespace, claim) => this.#homeOf(objectKey(namespace, claim)),
    }
  }

  /** Where its volume is, or where the pods are that will have it made. */
  #homeOf(claim: string): string | undefined {
    for (const { object } of this.#volumes.entries()) {
      const { namespace, name = '' } = object.spec.claimRef ?? {}
      if (objectKey(namespace, name) === claim) return homeOfVolume(object)
    }
    return this.#places.nodeOfClaim(claim)
  }

  #withPods(places: Iterable<readonly [string, string]>): readonly Placed[] {
    const found: Placed[] = []
    for (const [key, node] of places) {
      const pod = this.#pods.get(key)
      if (pod) found.push({ pod, node })
    }
    return found
  }

  #candidates(): readonly Candidate[] {
    return [...this.#nodes.entries()].map(({ name, object }) => {
      const { metadata, status } = object
      return {
        ...{ name, standing: standingOf(object), labels: metadata.labels ?? {} },
        isReady: status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
        pods: this.#places.podsOn(name),
        room: Number(status?.allocatable?.['pods'] ?? 110),
        free: this.#places.freeOn(name, amountsOf(status?.allocatable)),
      }
    })
  }

  #bind(key: string, pod: Pod, nodeName: string): void {
    this.#leave(key)
    this.#places.settle(key, pod, nodeName)
    const write = this.#write(pod, {
      spec: { nodeName },
      status: { conditions: [this.#condition({ status: 'True' })] },
    })
    this.#follow(
      write.catch((error: unknown) => {
        // It may have gone meanwhile; then its end is told, too.
        this.#forget(key)
        this.#waiting.add(key, pod)
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

function byArrival(...two: readonly [InformerChange<Pod>, InformerChange<Pod>]): number {
  const [left, right] = two.map(({ entry: { object } }) => object.metadata)
  const [a = '', b = ''] = [left?.creationTimestamp, right?.creationTimestamp]
  if (a !== b) return a < b ? -1 : 1
  return Number(left?.resourceVersion ?? 0) - Number(right?.resourceVersion ?? 0)
}
