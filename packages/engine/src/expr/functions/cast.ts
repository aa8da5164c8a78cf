import { GoDuration } from '../../spec/duration.ts'
import { truncated } from '../go-math.ts'

/** A number out of nearly anything, 0 when there is none (as spf13/cast, which sprig uses). */
export function castInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return truncated(value)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof GoDuration) return value.ns
  return typeof value === 'string' ? (parseInteger(value.replace(/\.0*$/, '')) ?? 0n) : 0n
}

export function castFloat(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  const isNumber =
    typeof value === 'string' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)
  return isNumber ? Number(value) : 0
}

/** strconv.ParseInt with base 0: `0x1F`, `0b11`, `017` and `0o17` too. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.exec(text)
  if (!match) return undefined
  const [, sign, digits = ''] = match
  const body = /^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits
  const value = BigInt(body.toLowerCase()) * (sign === '-' ? -1n : 1n)
  return BigInt.asIntN(64, value) === value ? value : undefined
}
