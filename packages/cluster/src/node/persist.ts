import { StatusError } from '@argosy/kube'
import type { World } from './world.ts'

/** What became of a write; `left`: the node went away before it happened. */
export type Persisted = 'written' | 'gone' | 'left'

/**
 * Repeats a write until it has happened. Resolves to 'gone' when there is nothing to write to any more, and to 'left' when
 * the node goes away first. `write` is called in this turn of the event loop.
 */
export async function persist(
  { clock, signal, warn }: Pick<World, 'clock' | 'signal' | 'warn'>,
  write: () => Promise<unknown>,
): Promise<Persisted> {
  for (let wait = 1000; !signal.aborted; wait = Math.min(wait * 2, 30_000)) {
    try {
      await write()
      return 'written'
    } catch (error) {
      // Conflict: another object of the same name, by the uid that we send along.
      const gone = error instanceof StatusError && ['NotFound', 'Conflict'].includes(error.reason)
      if (gone) return 'gone'
      // Whatever else is wrong passes, or somebody has to mend it; the kubelet keeps trying too.
      if (!signal.aborted) warn(error)
      await clock.until(clock.now() + wait, signal).catch(() => undefined)
    }
  }
  return 'left'
}
