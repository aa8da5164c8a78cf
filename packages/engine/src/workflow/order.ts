/** A place in the tree of a run: the index taken at each level. Earlier places go first when something is scarce. */
export type Order = readonly number[]

export function compareOrder(a: Order, b: Order): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
