import { type Clock, StatusError } from '@argosy/kube'

interface Patience {
  readonly clock: Clock
  /** Told of what should not have happened; it is tried again. */
  readonly warn: (error: unknown) => void
}

const retryMs = 1000

/** Calls `follow` again whenever the server lost or cut the thread, until `signal` aborts. */
export async function keepFollowing(
  { clock, warn }: Patience,
  follow: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await follow()
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof StatusError)) warn(error)
      await clock.until(clock.now() + retryMs, signal).catch(() => undefined)
    }
  }
}
