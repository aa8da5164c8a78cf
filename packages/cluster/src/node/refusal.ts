import type { WaitingReason } from './container-record.ts'

/** Why a container cannot be created now: it waits with this reason. `retry` is false when only a new pod can help. */
export class Refusal extends Error {
  readonly reason: WaitingReason
  readonly retry: boolean

  constructor(reason: WaitingReason, message: string, retry = true) {
    super(message)
    this.name = 'Refusal'
    this.reason = reason
    this.retry = retry
  }
}
