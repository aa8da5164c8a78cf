import { type Clock, Patience } from '@argosy/kube'

export interface Waiting {
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/** Starts, and starts again when the server goes away before it is done: the wait for leadership may just have been long. */
export function startPatiently<T>(start: () => Promise<T>, waiting: Waiting): Promise<T> {
  const { clock, log, signal } = waiting
  const onAway = ({ message }: Error) => void log(`${message}; trying again`)
  return new Patience({ clock, signal, onAway }).until(start, undefined)
}
