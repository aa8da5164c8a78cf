import type { Pod } from '@argosy/engine'
import { type Client, StatusError, type WatchQuery } from '@argosy/kube'

interface Foreseer {
  foreseen(pod: Pod): void
  told(): void
}

/**
 * Tells of new pods before they are on the disk, where the client does so: while they are written, what they need can be
 * made ready. It may tell of none at all, and tells of none that has been heard of.
 */
export class Foresight {
  readonly #client: Client
  readonly #query: WatchQuery
  readonly #listener: Foreseer
  #heard: number

  constructor(client: Client, query: WatchQuery, listener: Foreseer) {
    this.#client = client
    this.#query = query
    this.#listener = listener
    this.#heard = Number(query.resourceVersion)
  }

  /** What has been heard of is not foreseen any more. */
  heard(resourceVersion: string): void {
    this.#heard = Number(resourceVersion)
  }

  async run(signal: AbortSignal): Promise<void> {
    // Revisions of one store are numbers; another server's may be anything.
    if (!this.#client.commitsTurns) return
    try {
      for await (const batch of this.#client.watch<Pod>({ ...this.#query, early: true }, signal)) {
        for (const { type, object, resourceVersion } of batch) {
          if (type === 'ADDED' && Number(resourceVersion) > this.#heard) {
            this.#listener.foreseen(object)
          }
        }
        this.#listener.told()
      }
    } catch (error) {
      if (!(error instanceof StatusError) && !signal.aborted) throw error
    }
  }
}
