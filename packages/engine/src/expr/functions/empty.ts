import { GoDuration } from '../../spec/duration.ts'
import { isNil, isRecord } from '../go-value.ts'

/** What sprig takes as empty: nil, false, 0, and text, lists and maps with nothing inside. */
export function isEmpty(value: unknown): boolean {
  if (isNil(value) || value === '' || value === false || value === 0 || value === 0n) return true
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0
  if (value instanceof Map) return value.size === 0
  if (value instanceof GoDuration) return value.ns === 0n
  return isRecord(value) && Object.keys(value).length === 0
}
