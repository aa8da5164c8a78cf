import type { Clock } from './clock.ts'
import { elapsedMs } from './elapsed-ms.ts'
import { JumpWatch } from './jump-watch.ts'

/** setTimeout counts in 31 bits. */
const longest = 2 ** 31 - 1

const jumps = new JumpWatch({
  now: Date.now,
  elapsed: elapsedMs,
  later(ms, call) {
    // Nobody lives for this alone: who waits has a timer of his own.
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
})

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async until(at, signal) {
    signal?.throwIfAborted()
    for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
      await pause(Math.min(left, longest), signal)
    }
  },
}

/** Ends early when the time of day jumps. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      unwatch?.()
      signal?.removeEventListener('abort', stop)
    }
    const stop = () => {
      end()
      reject(signal?.reason)
    }
    const wake = () => {
      end()
      resolve()
    }
    // A timer may fire up to a millisecond early.
    const timer = setTimeout(wake, Math.ceil(ms))
    const unwatch = ms > jumps.shortest ? jumps.watch(wake) : undefined
    signal?.addEventListener('abort', stop, { once: true })
  })
}
