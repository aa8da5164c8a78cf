import { fstatSync, writeSync } from 'node:fs'

/** Of SQLite's log: it begins anew when a transaction has brought it to 1,000 pages of 4,096 bytes, each with a head of 24. */
export const reservedBytes = 1_100 * (4_096 + 24)

const step = 2 ** 18

/**
 * Makes a log as long as it becomes anyhow, with zeros behind what is in it, which SQLite takes for its end. A sync of a
 * file that has grown is two writes, one of them far from the other: measured, it takes twice as long, on a busy disk more.
 */
export function reserve(log: number): void {
  const zeros = Buffer.alloc(step)
  try {
    for (let at = fstatSync(log).size; at < reservedBytes; )
      at += writeSync(log, zeros, 0, Math.min(step, reservedBytes - at), at)
  } catch {
    // A disk that is full says so when something is to be kept; until then the log grows as it is written.
  }
}
