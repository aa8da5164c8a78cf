import { panic } from '../go-panic.ts'
import { isRecord } from '../go-value.ts'

/*
 * `[x, x]` costs nothing to build, but what walks through it meets x twice: forty times over, it
 * would walk for ever. So a container remembers how much it would be written out.
 */

const weights = new WeakMap<object, number>()
const heaviest = 3_000_000

/** The same value, which may not be too much when every part of it is counted where it stands. */
export function weighed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) remember(value, value)
  else if (isRecord(value)) remember(value, Object.values(value))
  else if (value instanceof Map) remember(value, [...value.values()])
  return value
}

function remember(container: object, parts: readonly unknown[]): void {
  let weight = parts.length
  let isDeep = false
  for (const part of parts) {
    if (typeof part !== 'object' || part === null) continue
    weight += weights.get(part) ?? (Array.isArray(part) ? part.length : 1)
    isDeep = true
  }
  if (weight > heaviest) panic('memory budget exceeded')
  if (isDeep) weights.set(container, weight)
}
