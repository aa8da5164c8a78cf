/** Go's strconv.FormatFloat for 64 bits; precision -1 means the shortest text that reads back. */
export function formatFloat(value: number, verb: string, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  if (size === Infinity) return sign === '-' ? '-Inf' : '+Inf'
  return sign + unsigned(size, verb, precision)
}

function unsigned(size: number, verb: string, precision: number): string {
  switch (verb) {
    case 'f':
    case 'F':
      return precision < 0 ? plain(shortest(size)) : fixed(size, precision)
    case 'e':
    case 'E':
      return scientific(precision < 0 ? shortest(size) : rounded(size, precision + 1), verb)
    default:
      return general(size, verb, precision)
  }
}

/** The value is 0.d1d2d3… × 10^point. */
interface Decimal {
  readonly digits: string
  readonly point: number
}

function general(size: number, verb: string, precision: number): string {
  const decimal = precision < 0 ? shortest(size) : trimmed(rounded(size, precision || 1))
  const exponent = decimal.point - 1
  const limit = precision < 0 ? 6 : precision || 1
  const { length } = decimal.digits
  const switchAt = precision >= 0 && limit > length && length >= decimal.point ? length : limit
  if (exponent < -4 || exponent >= switchAt) return scientific(decimal, verb === 'G' ? 'E' : 'e')
  return plain(decimal)
}

function shortest(size: number): Decimal {
  if (size === 0) return { digits: '0', point: 1 }
  const [mantissa = '', exponent = '0'] = size.toExponential().split('e')
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 }
}

function trimmed(decimal: Decimal): Decimal {
  return { digits: decimal.digits.replace(/0+$/, '') || '0', point: decimal.point }
}

function plain({ digits, point }: Decimal): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`.replace(/\.0*$/, '')
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length)
  return `${digits.slice(0, point)}.${digits.slice(point)}`
}

function scientific({ digits, point }: Decimal, e: string): string {
  const exponent = point - 1
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  const power = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0]}${fraction}${e}${exponent < 0 ? '-' : '+'}${power}`
}

/** Exactly: value = mantissa × 2^exponent. */
function binary(size: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, size)
  const bits = view.getBigUint64(0)
  const biased = Number(bits >> 52n)
  const low = bits & ((1n << 52n) - 1n)
  return biased === 0
    ? { mantissa: low, exponent: -1074 }
    : { mantissa: low | (1n << 52n), exponent: biased - 1075 }
}

/** size × 10^power as an integer, halves to even. */
function scaledInteger(size: number, power: number): bigint {
  const { mantissa, exponent } = binary(size)
  let top = mantissa
  let bottom = 1n
  if (exponent >= 0) top <<= BigInt(exponent)
  else bottom <<= BigInt(-exponent)
  if (power >= 0) top *= 10n ** BigInt(power)
  else bottom *= 10n ** BigInt(-power)
  const quotient = top / bottom
  const twice = (top % bottom) * 2n
  const up = twice > bottom || (twice === bottom && quotient % 2n === 1n)
  return up ? quotient + 1n : quotient
}

function fixed(size: number, precision: number): string {
  const digits = scaledInteger(size, precision)
    .toString()
    .padStart(precision + 1, '0')
  if (precision === 0) return digits
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`
}

function rounded(size: number, count: number): Decimal {
  if (size === 0) return { digits: '0'.repeat(count), point: 1 }
  const point = shortest(size).point
  const digits = scaledInteger(size, count - point).toString()
  return digits.length > count
    ? { digits: digits.slice(0, count), point: point + 1 }
    : { digits: digits.padStart(count, '0'), point }
}
