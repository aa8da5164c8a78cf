import { compareText, isNil, isRecord } from '../go-value.ts'

type Same = (a: unknown, b: unknown) => boolean

/** The items that equal none before them. Only items that look alike are really compared. */
export function distinct(items: readonly unknown[], same: Same): unknown[] {
  const buckets = new Map<string | number, unknown[]>()
  return items.filter((item) => {
    const look = typeof item === 'string' ? `s${item}` : lookOf(item, 0)
    const bucket = buckets.get(look)
    if (bucket === undefined) buckets.set(look, [item])
    else if (bucket.some((seen) => same(item, seen))) return false
    else bucket.push(item)
    return true
  })
}

const deepest = 3
const widest = 6

/** Equal values look alike: 1 and 1.0 do. */
function lookOf(value: unknown, depth: number): string | number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
  if (typeof value === 'string') return `s${value.slice(0, 64)}`
  if (isNil(value) || typeof value === 'boolean') return String(value ?? null)
  if (depth >= deepest) return '…'
  const inner = (part: unknown) => lookOf(part, depth + 1)
  if (Array.isArray(value)) return `[${value.length}:${value.slice(0, widest).map(inner).join()}`
  if (!isRecord(value)) return 'o'
  const keys = Object.keys(value)
  const first = keys.length > 200 ? [] : keys.sort(compareText).slice(0, widest)
  return `{${keys.length}:${first.map((key) => `${key}=${inner(value[key])}`).join()}`
}
