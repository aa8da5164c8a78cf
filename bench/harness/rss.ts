import { setTimeout as delay } from 'node:timers/promises'

/**
 * Megabytes that are resident once nothing more is given back; needs --expose-gc. The engine of JavaScript keeps empty
 * pages for some seconds after a collection, and runs that are idle rest only after ten.
 */
export async function settledRss(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let calm = 0; calm < 8; calm++) {
    // All that it can: the heuristics of a single collection leave pages that are half empty.
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await delay(2_500)
    const { rss } = process.memoryUsage()
    if (rss < least * 0.98) calm = 0
    least = Math.min(least, rss)
  }
  return least / 1e6
}

/** Megabytes of live objects; needs --expose-gc. */
export function heapMb(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
