/** Go's math.Pow: whole exponents are multiplied out, so that its last digits are Go's. */
export function goPow(base: number, exponent: number): number {
  if (base === 1) return 1
  if (base === -1 && Math.abs(exponent) === Infinity) return 1
  const isPlain = Number.isFinite(base) && base !== 0 && Number.isFinite(exponent)
  if (!isPlain || exponent === 0.5 || exponent === -0.5) return base ** exponent
  const size = Math.abs(exponent)
  const whole = Math.trunc(size)
  if ((size !== whole && base < 0) || whole >= 2 ** 63) return base ** exponent
  return multipliedOut(base, whole, { rest: size - whole, invert: exponent < 0 })
}

function multipliedOut(
  base: number,
  whole: number,
  { rest, invert }: { readonly rest: number; readonly invert: boolean },
): number {
  const carry = rest > 0.5 ? 1 : 0
  let result = rest === 0 ? 1 : Math.exp((rest - carry) * Math.log(base))
  let twos = 0
  let [mantissa, power] = split(base)
  for (let bits = BigInt(whole + carry); bits !== 0n; bits >>= 1n) {
    // Beyond this the result has overflown or vanished.
    if (Math.abs(power) > 1 << 12) {
      twos += power
      break
    }
    if (bits & 1n) {
      result *= mantissa
      twos += power
    }
    mantissa *= mantissa
    power *= 2
    if (mantissa < 0.5) {
      mantissa += mantissa
      power--
    }
  }
  return invert ? scaled(1 / result, -twos) : scaled(result, twos)
}

/** A number as mantissa × 2^power, the mantissa's size from 0.5 to 1. */
function split(value: number): [number, number] {
  let power = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1)
  let mantissa = value * 2 ** -power
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2
    power--
  }
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2
    power++
  }
  return [mantissa, power]
}

// In two steps, because 2^power alone may not fit.
function scaled(value: number, power: number): number {
  const [mantissa, own] = value === 0 || !Number.isFinite(value) ? [value, 0] : split(value)
  const total = Math.max(-2200, Math.min(2200, own + power))
  if (total > 1023) return mantissa * 2 * 2 ** Math.min(total - 1, 1024)
  return total < -1000 ? mantissa * 2 ** (total + 1000) * 2 ** -1000 : mantissa * 2 ** total
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
