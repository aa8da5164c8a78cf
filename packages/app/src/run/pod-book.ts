import type { NodeStatus, Pod } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'

/** A step's pod, as far as its logs need it. It outlives the pod itself. */
export interface PodEntry {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  over: boolean
}

const nodeIdAnnotation = 'workflows.argoproj.io/node-id'
const nodeNameAnnotation = 'workflows.argoproj.io/node-name'

/** Which pod a node of a workflow has, and which images are asked for. */
export class PodBook {
  readonly #byNode = new Map<string, PodEntry>()
  readonly #byName = new Map<string, PodEntry>()
  readonly #images = new Set<string>()
  readonly #newImage: (image: string) => void

  constructor(newImage: (image: string) => void) {
    this.#newImage = newImage
  }

  /** Takes down every pod until the signal aborts. */
  async follow(client: Client, signal: AbortSignal): Promise<void> {
    const query = { resource: resources.pods, labelSelector: 'workflows.argoproj.io/workflow' }
    try {
      for await (const batch of client.watch<Pod>(query, signal)) {
        for (const { type, object } of batch) this.#note(object, type === 'DELETED')
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  of(workflow: string, node: NodeStatus): PodEntry | undefined {
    return (
      this.#byNode.get(`${workflow}/${node.id}`) ?? this.#byNode.get(`${workflow}/${node.name}`)
    )
  }

  entries(): Iterable<PodEntry> {
    return this.#byName.values()
  }

  #note(pod: Pod, gone: boolean): void {
    const { namespace = '', name = '', uid = '', labels, annotations } = pod.metadata
    const over = gone || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    const known = this.#byName.get(`${namespace}/${name}`)
    if (known?.uid === uid) {
      known.over ||= over
      return
    }
    const entry = { namespace, name, uid, over }
    this.#byName.set(`${namespace}/${name}`, entry)
    const workflow = labels?.['workflows.argoproj.io/workflow']
    for (const key of [nodeIdAnnotation, nodeNameAnnotation]) {
      const node = annotations?.[key]
      if (node !== undefined) this.#byNode.set(`${workflow}/${node}`, entry)
    }
    for (const { image = '' } of pod.spec.containers) {
      if (this.#images.has(image)) continue
      this.#images.add(image)
      this.#newImage(image)
    }
  }
}
