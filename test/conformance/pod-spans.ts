import type { Pod } from '../../packages/engine/src/index.ts'
import { type Client, resources } from '../../packages/kube/src/index.ts'

/** When a pod was made and when it ended, counted in what happened to any pod. */
export type Span = readonly [from: number, to: number]

/**
 * Every pod that ever was, also those that were collected, and who was at work at the same time: the times in objects are
 * whole seconds, too coarse for that.
 */
export class PodSpans {
  readonly #byUid = new Map<string, Span>()
  readonly #pods = new Map<string, Pod>()
  readonly #waiting = new Map<string, () => void>()
  #moment = 0

  async watch(client: Client, signal: AbortSignal): Promise<void> {
    try {
      for await (const batch of client.watch<Pod>({ resource: resources.pods }, signal)) {
        for (const { type, object } of batch)
          if (type !== 'BOOKMARK') this.#note(object, type === 'DELETED')
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  in(namespace: string): readonly Pod[] {
    return [...this.#pods.values()].filter(({ metadata }) => metadata.namespace === namespace)
  }

  /** Resolves when no pod of a namespace is at work any more; a workflow does not wait for its daemons to go. */
  async over(namespace: string, signal: AbortSignal): Promise<void> {
    if (this.#allOver(namespace)) return
    await new Promise<void>((resolve) => {
      this.#waiting.set(namespace, resolve)
      signal.addEventListener('abort', () => resolve())
    })
  }

  #allOver(namespace: string): boolean {
    return this.in(namespace).every(({ metadata }) => {
      const [, to] = this.#byUid.get(metadata.uid ?? '') ?? []
      return to !== Number.POSITIVE_INFINITY
    })
  }

  of(pods: ReadonlyMap<string, Pod>): ReadonlyMap<string, Span> {
    const known = [...pods].flatMap(([name, { metadata }]): readonly [string, Span][] => {
      const span = this.#byUid.get(metadata.uid ?? '')
      return span ? [[name, span]] : []
    })
    return new Map(known)
  }

  #note(pod: Pod, gone: boolean): void {
    const { metadata, status } = pod
    this.#moment += 1
    const { uid = '' } = metadata
    this.#pods.set(uid, pod)
    const [from, to] = this.#byUid.get(uid) ?? [this.#moment, Number.POSITIVE_INFINITY]
    const over = gone || status?.phase === 'Succeeded' || status?.phase === 'Failed'
    this.#byUid.set(uid, [from, over ? Math.min(to, this.#moment) : to])
    const { namespace = '' } = metadata
    if (over && this.#waiting.has(namespace) && this.#allOver(namespace)) {
      this.#waiting.get(namespace)?.()
    }
  }
}
