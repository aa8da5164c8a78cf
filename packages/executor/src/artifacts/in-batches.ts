/** At once, so that a directory of many small files does not take a round trip for each. */
const atOnce = 8

/** Does the work for all, a few at a time; the first failure ends it. */
export async function inBatches<T>(
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < all.length; start += atOnce) {
    await Promise.all(all.slice(start, start + atOnce).map(work))
  }
}
