import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface Resident {
  /** Megabytes that are resident, whoever else has them too. */
  readonly rssMb: number
  /**
   * Of them those that are this process's alone. The others are pages of Node's own file, 25 to 58 MB of them: a process
   * that has done more has looked at more of them, and the kernel takes them back when it likes.
   */
  readonly ownMb: number
}

/**
 * What is resident once nothing more is given back; needs --expose-gc. The engine of JavaScript keeps empty
 * pages for some seconds after a collection, and runs that are idle rest only after ten.
 */
export async function settledMemory(): Promise<Resident> {
  let least = resident()
  for (let calm = 0; calm < 8; calm++) {
    // All that it can: the heuristics of a single collection leave pages that are half empty.
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await delay(2_500)
    const now = resident()
    if (now.ownMb < least.ownMb * 0.98) calm = 0
    if (now.ownMb < least.ownMb) least = now
  }
  return least
}

function resident(): Resident {
  const status = readFileSync('/proc/self/status', 'utf8')
  const kilobytes = Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1])
  return { rssMb: process.memoryUsage().rss / 1e6, ownMb: (kilobytes * 1024) / 1e6 }
}

/** Megabytes of live objects; needs --expose-gc. */
export function heapMb(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
