import type { Clock } from './clock.ts'

/** setTimeout counts in 31 bits. */
const longest = 2 ** 31 - 1

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

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    // A timer may fire up to a millisecond early.
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, Math.ceil(ms))
    signal?.addEventListener('abort', stop, { once: true })
  })
}
