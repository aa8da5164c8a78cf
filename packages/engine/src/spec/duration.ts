/** Go's time.Duration as text and nanoseconds. */

/** A Go duration at run time: 64-bit nanoseconds. */
export class GoDuration {
  readonly ns: bigint
  constructor(ns: bigint) {
    this.ns = BigInt.asIntN(64, ns)
  }
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

const largest = 1n << 63n

/** Reads `1h30m`, `-1.5s`, `10us`; the error is the text of Go's time.ParseDuration. */
export function parseDuration(
  text: string,
): { readonly ms: number; readonly ns: bigint } | { readonly error: string } {
  const sign = text.startsWith('-') ? -1n : 1n
  const body = /^[+-]/.test(text) ? text.slice(1) : text
  if (body === '0') return { ms: 0, ns: 0n }
  const total = readTerms(body)
  if (typeof total === 'string') return { error: `time: ${total}duration ${quoteBytes(text)}` }
  if (sign > 0n && total === largest) return { error: `time: invalid duration ${quoteBytes(text)}` }
  return { ms: Number(sign * total) / 1e6, ns: sign * total }
}

/** The sum in nanoseconds, or the middle of the error's text. */
function readTerms(body: string): bigint | string {
  if (body === '') return 'invalid '
  let total = 0n
  let rest = body
  while (rest !== '') {
    const term = readTerm(rest)
    if (term === undefined) return 'invalid '
    if (term.unit === '') return 'missing unit in '
    const scale = units[term.unit]
    if (scale === undefined) return `unknown unit ${quoteBytes(term.unit)} in `
    const value = scaled(term, scale)
    if (value === undefined || total + value > largest) return 'invalid '
    total += value
    rest = rest.slice(term.length)
  }
  return total
}

interface Term {
  readonly whole: string
  readonly fraction: string
  readonly unit: string
  readonly length: number
}

function readTerm(text: string): Term | undefined {
  const match = /^(\d*)(?:\.(\d*))?([^.\d]*)/.exec(text)
  const [all = '', whole = '', fraction = '', unit = ''] = match ?? []
  if (whole === '' && fraction === '') return undefined
  return { whole, fraction, unit, length: all.length }
}

function scaled(term: Term, scale: bigint): bigint | undefined {
  const whole = BigInt(term.whole === '' ? '0' : term.whole)
  if (whole > largest / scale) return undefined
  // Go keeps the fraction's digits until they no longer fit 63 bits, then multiplies as floats.
  const digits = fittingDigits(term.fraction)
  const part = digits === '' ? 0 : Number(BigInt(digits)) * (Number(scale) / 10 ** digits.length)
  const value = whole * scale + BigInt(Math.trunc(part))
  return value > largest ? undefined : value
}

function fittingDigits(fraction: string): string {
  let value = 0n
  for (let i = 0; i < fraction.length; i++) {
    const next = value * 10n + BigInt(fraction[i] ?? '0')
    if (value > (largest - 1n) / 10n || next > largest) return fraction.slice(0, i)
    value = next
  }
  return fraction
}

/** Go's Duration.String(): `1h30m0s`, `1.5s`, `2µs`, `0s`. */
export function formatDuration(ns: bigint): string {
  if (ns === 0n) return '0s'
  const sign = ns < 0n ? '-' : ''
  const abs = ns < 0n ? -ns : ns
  if (abs < 1_000n) return `${sign}${abs}ns`
  if (abs < 1_000_000n) return `${sign}${decimal(abs, 3)}\u00b5s`
  if (abs < 1_000_000_000n) return `${sign}${decimal(abs, 6)}ms`
  const minutes = abs / 60_000_000_000n
  const seconds = `${decimal(abs % 60_000_000_000n, 9)}s`
  if (minutes === 0n) return sign + seconds
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places)
  const fraction = (value % scale).toString().padStart(places, '0').replace(/0+$/, '')
  return fraction === '' ? `${value / scale}` : `${value / scale}.${fraction}`
}

const encoder = new TextEncoder()

/** Go's time package quotes its input with every byte that is not printable ASCII as \xNN. */
export function quoteBytes(text: string): string {
  let out = '"'
  for (const char of text) {
    if (char === '"' || char === '\\') out += `\\${char}`
    else if (char >= ' ' && char < '\u007f') out += char
    else for (const byte of encoder.encode(char)) out += `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `${out}"`
}
