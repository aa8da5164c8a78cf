import { setTimeout as delay } from 'node:timers/promises'

/** Megabytes that are resident once nothing more is collected; needs --expose-gc. */
export async function settledRss(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  // The heap gives pages back a while after a collection.
  for (let calm = 0; calm < 3; calm++) {
    globalThis.gc?.()
    await delay(200)
    const { rss } = process.memoryUsage()
    if (rss < least * 0.99) calm = 0
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
