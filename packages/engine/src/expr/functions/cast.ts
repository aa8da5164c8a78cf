import { GoDuration } from '../../spec/duration.ts'
import { truncated } from '../go-math.ts'
import { parseGoFloat, parseGoInt } from '../go-parse.ts'
import { GoEnum } from '../go-time/go-enum.ts'

/** A number out of nearly anything, 0 when there is none (as spf13/cast, which sprig uses). */
export function castInt(value: unknown): bigint {
  if (typeof value === 'number') return truncated(value)
  return typeof value === 'string' ? (parseGoInt(withoutDecimals(value)) ?? 0n) : whole(value)
}

export function castFloat(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? (parseGoFloat(value) ?? 0) : Number(whole(value))
}

function whole(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof GoDuration) return value.ns
  return value instanceof GoEnum ? value.value : 0n
}

// cast: `1.9` is read as 1, and `.9` as 0.
function withoutDecimals(text: string): string {
  const match = text.includes('.') ? /^([+-]?)(\d*)\.\d*$/.exec(text) : undefined
  return match ? `${match[1]}${match[2] || '0'}` : text
}
