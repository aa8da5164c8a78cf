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
        for (const { type, object } of batch) if (type !== 'BOOKMARK') this.#note(object)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  of(workflow: string, node: NodeStatus): PodEntry | undefined {
    return this.#byNode.get(`${workflow}/${node.id}`)
  }

  #note(pod: Pod): void {
    const { namespace = '', name = '', uid = '' } = pod.metadata
    const entry = { namespace, name, uid }
    if (!this.#known.has(uid)) this.#enter(pod, entry)
    const { phase } = pod.status ?? {}
    if (phase !== undefined && phase !== 'Pending' && this.#waiting.delete(uid)) {
      this.#listener.started(entry)
    }
    if (phase === 'Succeeded' || phase === 'Failed') this.#listener.ended(entry)
  }

  #enter(pod: Pod, entry: PodEntry): void {
    this.#known.add(entry.uid)
    this.#waiting.add(entry.uid)
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
