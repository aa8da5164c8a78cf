/**
 * Archived runs have whole numbers as keys: the second in which they started, and how many came before in that second.
 * What is listed the newest first is listed by key, and a page begins where the last one ended, whatever came meanwhile.
 */
const perSecond = 2 ** 20

/** The first key of the second of a time. */
export function firstKeyOf(ms: number): number {
  return Math.floor(Math.max(ms, 0) / 1000) * perSecond
}

/** The first key after that second. */
export function keyAfter(ms: number): number {
  return firstKeyOf(ms) + perSecond
}

/** Smaller numbers are offsets: no run is from January 1970. */
export const leastKey = 2 ** 40
