/** Go's math.Pow, which differs from JavaScript where the base is 1 or -1. */
export function goPow(base: number, exponent: number): number {
  if (base === 1) return 1
  if (base === -1 && Math.abs(exponent) === Infinity) return 1
  return base ** exponent
}

const lowest = -(1n << 63n)

/** int64(f): towards zero; what does not fit gives the lowest integer, as on amd64. */
export function truncated(value: number): bigint {
  if (!(Math.abs(value) < 2 ** 63)) return lowest
  return BigInt(Math.trunc(value))
}

/** Wraps to a 64-bit int. */
export function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}
