import type { Pod } from '@argosy/engine'
import { apiVersionOf, type Client, type Clock, randomHex, resources } from '@argosy/kube'
import { timestamp } from './timestamp.ts'

export interface EventWords {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/** Keys are those of pods, too, of which a node sees any number. */
const remembered = 10_000

/** Tells users what happened to a pod, as `kubectl describe` shows it. Losing one is no harm. */
export class Events {
  readonly #client: Client
  readonly #clock: Clock
  readonly #host: string
  readonly #said = new Set<string>()

  constructor(client: Client, clock: Clock, host: string) {
    this.#client = client
    this.#clock = clock
    this.#host = host
  }

  emit(pod: Pod, { type, reason, message }: EventWords): void {
    const { name = '', namespace = 'default', uid = '' } = pod.metadata
    const at = timestamp(this.#clock.now())
    const event = {
      apiVersion: apiVersionOf(resources.events),
      kind: 'Event',
      metadata: { name: `${name}.${randomHex(8)}`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
      type,
      reason,
      message,
      source: { component: 'kubelet', host: this.#host },
      reportingComponent: 'kubelet',
      reportingInstance: this.#host,
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    }
    this.#client.create(resources.events, event).catch(() => undefined)
  }

  /** The same, but only the first time for this `key`, as far as is remembered. */
  emitOnce(key: string, pod: Pod, words: EventWords): void {
    if (this.#said.has(key)) return
    this.#said.add(key)
    const [oldest] = this.#said
    if (this.#said.size > remembered && oldest !== undefined) this.#said.delete(oldest)
    this.emit(pod, words)
  }
}
