import { sprint } from '../go-format.ts'
import { panic } from '../go-panic.ts'

/** A decimal number: coefficient × 10^exponent. */
interface Decimal {
  readonly coefficient: bigint
  readonly exponent: number
}

type Operation = (a: Decimal, b: Decimal) => Decimal

/** Sprig counts with decimals, so that 0.1 + 0.2 is 0.3. */
export function decimalFold(first: number, rest: readonly number[], operation: Operation): number {
  const result = rest.reduce((sum, value) => operation(sum, fromNumber(value)), fromNumber(first))
  return Number(`${result.coefficient}e${result.exponent}`)
}

function fromNumber(value: number): Decimal {
  if (!Number.isFinite(value)) panic(`Cannot create a Decimal from ${sprint(value)}`)
  const [mantissa = '0', power = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent)
  const scale = (d: Decimal) => d.coefficient * 10n ** BigInt(d.exponent - exponent)
  return [scale(a), scale(b), exponent]
}

export const plus: Operation = (a, b) => {
  const [x, y, exponent] = aligned(a, b)
  return { coefficient: x + y, exponent }
}

export const minus: Operation = (a, b) => {
  const [x, y, exponent] = aligned(a, b)
  return { coefficient: x - y, exponent }
}

export const times: Operation = (a, b) => ({
  coefficient: a.coefficient * b.coefficient,
  exponent: a.exponent + b.exponent,
})

/** To 16 places, halves away from zero; the caller excludes zero. */
export const over: Operation = (a, b) => {
  const [x, y] = aligned(a, b)
  const scaled = x * 10n ** 16n
  const half = y < 0n ? -y / 2n : y / 2n
  const away = scaled < 0n ? -half : half
  return { coefficient: (scaled + away) / y, exponent: -16 }
}
