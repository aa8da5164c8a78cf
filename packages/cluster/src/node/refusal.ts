import type { WaitingReason } from './container-record.ts'
import { isShortage } from './shortage.ts'

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

/** What was refused, if it was: a machine that lacks something refuses too. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const cause = error instanceof Error ? error.cause : undefined
  const isShort = isShortage(error) || isShortage(cause)
  return isShort ? new Refusal('CreateContainerError', (error as Error).message) : undefined
}
