/*
 * How Go's strconv reads numbers.
 */

const float =
  /^[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?$|^[+-]?0[xX](?:[\da-fA-F_]+\.?[\da-fA-F_]*|\.[\da-fA-F_]+)[pP][+-]?\d+$/
const named: Readonly<Record<string, number>> = {
  inf: Infinity,
  infinity: Infinity,
  nan: Number.NaN,
}

/** strconv.ParseFloat; undefined when the text is none or too large. */
export function parseGoFloat(text: string): number | undefined {
  const special = named[text.toLowerCase().replace(/^[+-]/, '')]
  if (special !== undefined) return text.startsWith('-') ? -special : special
  if (!float.test(text) || !underscoresSeparate(text)) return undefined
  const plain = text.replaceAll('_', '')
  const value = /0[xX]/.test(plain) ? hexFloat(plain) : Number(plain)
  return Number.isFinite(value) ? value : undefined
}

function hexFloat(text: string): number {
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p(.*)$/.exec(text.toLowerCase()) ?? []
  const size = Number(`0x${whole}${fraction}`) * 2 ** (Number(power) - 4 * fraction.length)
  return sign === '-' ? -size : size
}

/** strconv.ParseInt with base 0: `0x1F`, `0b11`, `017`, `0o17` and `1_000` too. */
export function parseGoInt(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|0|[1-9][\d_]*)$/.exec(text)
  if (!match || !underscoresSeparate(text)) return undefined
  const [, sign, digits = ''] = match
  const plain = digits.replaceAll('_', '').toLowerCase()
  const size = BigInt(/^0\d/.test(plain) ? `0o${plain.slice(1)}` : plain)
  const value = sign === '-' ? -size : size
  return BigInt.asIntN(64, value) === value ? value : undefined
}

// An underscore stands between digits, or behind the letter of the base.
function underscoresSeparate(text: string): boolean {
  if (!text.includes('_')) return true
  const body = text.replace(/^[+-]/, '').replace(/^0[xXbBoO]/, '0')
  const digit = /^[+-]?0[xX]/.test(text) ? '[\\da-fA-F]' : '\\d'
  return !new RegExp(`(?<!${digit})_|_(?!${digit})`).test(body)
}
