import type { NodeStatus, Pod } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'

/** A step's pod, as far as its logs need it. It outlives the pod itself. */
export interface PodEntry {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** Who wants to know of pods as they come. */
export interface PodListener {
  /** The first pod with this image. */
  readonly newImage: (image: string) => void
  /** It runs, or ran: it has a log. */
  readonly started: (pod: PodEntry) => void
  readonly ended: (pod: PodEntry) => void
}

/** Which pod a node of a workflow has, and which images are asked for. */
export class PodBook {
  readonly #byNode = new Map<string, PodEntry>()
  readonly #known = new Set<string>()
  readonly #waiting = new Set<string>()
  readonly #active = new Set<string>()
  #quiet = () => {}
  readonly #images = new Set<string>()
  readonly #listener: PodListener

  constructor(listener: PodListener) {
    this.#listener = listener
  }

  /** Takes down every pod until the signal aborts. */
  async follow(client: Client, signal: AbortSignal): Promise<void> {
    const query = { resource: resources.pods, labelSelector: 'workflows.argoproj.io/workflow' }
    try {
      for await (const batch of client.watch<Pod>(query, signal)) {
        for (const { type, object } of batch)
          if (type !== 'BOOKMARK') this.#note(object, type === 'DELETED')
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  of(workflow: string, node: NodeStatus): PodEntry | undefined {
    return this.#byNode.get(`${workflow}/${node.id}`)
  }

  /** How many pods have not ended yet. */
  get active(): number {
    return this.#active.size
  }

  /** Resolves when no pod is left that has not ended. */
  async allOver(): Promise<void> {
    while (this.#active.size > 0) {
      await new Promise<void>((resolve) => {
        this.#quiet = resolve
      })
    }
  }

  #note(pod: Pod, gone: boolean): void {
    const { namespace = '', name = '', uid = '' } = pod.metadata
    const entry = { namespace, name, uid }
    if (!this.#known.has(uid)) this.#enter(pod, entry)
    const { phase } = pod.status ?? {}
    if (phase !== undefined && phase !== 'Pending' && this.#waiting.delete(uid)) {
      this.#listener.started(entry)
    }
    if (gone || phase === 'Succeeded' || phase === 'Failed') this.#end(entry)
  }

  #end(entry: PodEntry): void {
    if (!this.#active.delete(entry.uid)) return
    this.#listener.ended(entry)
    if (this.#active.size === 0) this.#quiet()
  }

  #enter(pod: Pod, entry: PodEntry): void {
    this.#known.add(entry.uid)
    this.#waiting.add(entry.uid)
    this.#active.add(entry.uid)
    const { labels, annotations } = pod.metadata
    const node = annotations?.['workflows.argoproj.io/node-id']
    this.#byNode.set(`${labels?.['workflows.argoproj.io/workflow']}/${node}`, entry)
    for (const { image = '' } of pod.spec.containers) {
      if (this.#images.has(image)) continue
      this.#images.add(image)
      this.#listener.newImage(image)
    }
  }
}
