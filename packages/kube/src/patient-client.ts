import type { Client } from './client.ts'
import type { Clock } from './clock.ts'
import { StatusError, type StatusReason } from './status-error.ts'

export interface PatienceOptions {
  readonly clock: Clock
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Told once when the server is away, and once when it is back. */
  readonly onAway?: (error: StatusError) => void
  readonly onBack?: () => void
  /** How long it waits between two calls at the most; default two seconds. */
  readonly mostWaitMs?: number
}

const passing: readonly StatusReason[] = [
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
  'InternalError',
]
const firstWaitMs = 50

/**
 * A client whose calls wait while the server is away, and are made again when it is back. A write may have happened
 * before its answer was lost: who uses this must be able to hear `AlreadyExists`, `NotFound` or `Conflict` of what he did
 * himself. Watches end as always.
 */
export function patientClient(client: Client, patience: Patience): Client {
  return {
    get: (ref, signal) => patience.until(() => client.get(ref, signal), signal),
    list: (query, signal) => patience.until(() => client.list(query, signal), signal),
    watch: (query, signal) => client.watch(query, signal),
    create: (resource, object, signal) =>
      patience.until(() => client.create(resource, object, signal), signal),
    update: (resource, object, signal) =>
      patience.until(() => client.update(resource, object, signal), signal),
    patch: (ref, patch, signal) => patience.until(() => client.patch(ref, patch, signal), signal),
    remove: (ref, how, signal) => patience.until(() => client.remove(ref, how, signal), signal),
  }
}

/** Makes calls again while the server is away. */
export class Patience {
  readonly #options: PatienceOptions
  #isAway = false

  constructor(options: PatienceOptions) {
    this.#options = options
  }

  /** The first attempt is made in this turn of the event loop. */
  async until<T>(call: () => Promise<T>, own: AbortSignal | undefined): Promise<T> {
    const { clock, mostWaitMs = 2_000 } = this.#options
    const signal = own ? AbortSignal.any([own, this.#options.signal]) : this.#options.signal
    for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, mostWaitMs)) {
      try {
        const answer = await call()
        this.#back()
        return answer
      } catch (error) {
        if (!(error instanceof StatusError) || !passing.includes(error.reason)) throw error
        this.#away(error)
        signal.throwIfAborted()
        await clock.until(clock.now() + wait, signal)
      }
    }
  }

  #away(error: StatusError): void {
    if (this.#isAway) return
    this.#isAway = true
    this.#options.onAway?.(error)
  }

  #back(): void {
    if (!this.#isAway) return
    this.#isAway = false
    this.#options.onBack?.()
  }
}
