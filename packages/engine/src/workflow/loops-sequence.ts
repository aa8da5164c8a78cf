import { sprintf } from '../expr/go-format.ts'
import { parseJson } from '../expr/tags-go-json.ts'
import type { Json } from '../spec/json.ts'
import type { Sequence } from '../spec/workflow.ts'
import type { Items } from './loops-items.ts'

/** The items of `withSequence`: texts, made one at a time. */
export function sequenceItems(
  sequence: Sequence,
): { readonly items: Items } | { readonly problem: string } {
  const range = rangeOf(sequence)
  if ('problem' in range) return range
  const { start, length, step } = range
  const format = sequence.format || '%d'
  const text = (index: number) => formatted(format, start + index * step)
  if (length > 0 && text(0) === undefined)
    return { problem: `invalid format '${format}' in withSequence` }
  const at = (index: number): Json | undefined =>
    index >= 0 && index < length ? text(index) : undefined
  return { items: { length, at } }
}

interface Range {
  readonly start: number
  readonly length: number
  readonly step: 1 | -1
}

function rangeOf({ start, end, count }: Sequence): Range | { readonly problem: string } {
  const from = start === undefined ? 0 : integer(start)
  if (typeof from === 'string') return { problem: from }
  if (end !== undefined) {
    const to = integer(end)
    if (typeof to === 'string') return { problem: to }
    return between(from, to)
  }
  if (count === undefined) {
    return { problem: 'neither end nor count was specified in withSequence' }
  }
  const many = integer(count)
  if (typeof many === 'string') return { problem: many }
  return many === 0 ? { start: from, length: 0, step: 1 } : between(from, from + many - 1)
}

function between(start: number, end: number): Range {
  return { start, length: Math.abs(end - start) + 1, step: start <= end ? 1 : -1 }
}

/** Go's strconv.Atoi; the text is its error. */
function integer(value: string | number): number | string {
  const text = String(value)
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
}

// Upstream parses the formatted text as a JSON string, so a format may hold escapes.
function formatted(format: string, value: number): string | undefined {
  if (format === '%d') return String(value)
  const parsed = parseJson(`"${sprintf(format, BigInt(value))}"`)
  return typeof parsed === 'string' ? parsed : undefined
}
