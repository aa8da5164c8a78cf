/** A Kubernetes quantity: an exact number in nano units and the family of suffixes that it was written with. */
export interface Quantity {
  readonly nano: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

const nano = 1_000_000_000n
const largest = ((1n << 63n) - 1n) * nano

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

const binary: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
}

const shape = /^([+-]?)(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d+)$/

/** Reads `100m`, `1.5Gi`, `1e3`; finer than a nano is rounded up, as Kubernetes does. */
export function parseQuantity(text: string): Quantity | { readonly error: string } {
  const match = shape.exec(text)
  const scale = match && scaleOf(match[3] ?? '')
  if (!match || !scale) return { error: mistakeIn(text) }
  const [, sign, digits = ''] = match
  const [whole = '', fraction = ''] = digits.split('.')
  const top = BigInt(whole + fraction) * scale.top * nano
  const bottom = 10n ** BigInt(fraction.length) * scale.bottom
  const size = capped((top + bottom - 1n) / bottom, scale.format)
  return { nano: sign === '-' ? -size : size, format: scale.format }
}

// Kubernetes holds nothing larger in units of 1024.
function capped(size: bigint, format: Quantity['format']): bigint {
  return format === 'BinarySI' && size > largest ? largest : size
}

function mistakeIn(text: string): string {
  return /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/.test(text)
    ? "unable to parse quantity's suffix"
    : `quantities must match the regular expression ${pattern}`
}

const pattern = "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

interface Scale {
  readonly top: bigint
  readonly bottom: bigint
  readonly format: Quantity['format']
}

// Larger exponents cannot be meant, and would only cost time.
const largestExponent = 1000

function scaleOf(suffix: string): Scale | undefined {
  const multiple = binary[suffix]
  if (multiple !== undefined) return { top: multiple, bottom: 1n, format: 'BinarySI' }
  const isExponent = /^[eE].+/.test(suffix)
  const power = isExponent ? Number(suffix.slice(1)) : decimal[suffix]
  if (power === undefined || Math.abs(power) > largestExponent) return undefined
  const format = isExponent ? 'DecimalExponent' : 'DecimalSI'
  const size = 10n ** BigInt(Math.abs(power))
  return power < 0 ? { top: 1n, bottom: size, format } : { top: size, bottom: 1n, format }
}

/** The canonical text: no fraction, the largest suffix that keeps it exact. */
export function formatQuantity(quantity: Quantity): string {
  const { nano: value, format } = quantity
  if (value === 0n) return '0'
  const sign = value < 0n ? '-' : ''
  const size = value < 0n ? -value : value
  // Binary suffixes cannot write less than 1024 or fractions; those fall back to decimal ones.
  if (format === 'BinarySI' && size % nano === 0n && size >= 1024n * nano)
    return sign + binaryText(size / nano)
  return sign + decimalText(size, format)
}

function binaryText(units: bigint): string {
  const fitting = Object.entries(binary).findLast(([, multiple]) => units % multiple === 0n)
  return fitting ? `${units / fitting[1]}${fitting[0]}` : String(units)
}

function decimalText(size: bigint, format: Quantity['format']): string {
  const fitting = Object.entries(decimal)
    .toReversed()
    .sort(([, a], [, b]) => b - a)
    .find(([, power]) => size % 10n ** BigInt(power + 9) === 0n)
  const [suffix, power] = fitting ?? ['n', -9]
  const shown = size / 10n ** BigInt(power + 9)
  if (format !== 'DecimalExponent') return `${shown}${suffix}`
  return power === 0 ? String(shown) : `${shown}e${power}`
}

/** As a plain number, which may round. */
export function quantityValue({ nano: value }: Quantity): number {
  return Number(value) / 1e9
}

/** Negative, zero or positive. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0
}

export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format }
}
