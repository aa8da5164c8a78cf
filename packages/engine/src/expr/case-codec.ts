import { GoDuration } from '../spec/duration.ts'
import { formatLayout } from './go-time/format-layout.ts'
import { GoEnum } from './go-time/go-enum.ts'
import { GoTime } from './go-time/go-time.ts'
import { rfc3339Nano } from './go-time/layout.ts'
import { GoLocation } from './go-time/zone.ts'
import { compareText, isNil, isRecord } from './go-value.ts'

/*
 * Conformance data is JSON that keeps Go's types apart: a JSON number is a float64,
 * {"$int": "5"} an int, {"$time": …} a time, and so on.
 */

/** A value as conformance data writes it. */
export function encode(value: unknown): unknown {
  if (isNil(value)) return null
  if (typeof value === 'bigint') return { $int: String(value) }
  if (typeof value === 'number') return encodeFloat(value)
  if (typeof value === 'function') return { $func: true }
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(encode)
  return encodeObject(value)
}

function encodeFloat(value: number): unknown {
  if (Number.isNaN(value)) return { $float: 'NaN' }
  if (!Number.isFinite(value)) return { $float: value > 0 ? '+Inf' : '-Inf' }
  return Object.is(value, -0) ? { $float: '-0' } : value
}

function encodeObject(value: object): unknown {
  if (value instanceof GoTime) return { $time: formatLayout(value, rfc3339Nano) }
  if (value instanceof GoDuration) return { $duration: String(value.ns) }
  if (value instanceof GoEnum) return { $int: String(value.value) }
  if (value instanceof GoLocation) return { $location: value.zone.name }
  if (value instanceof Uint8Array)
    return { $bytes: Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') }
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]) => [encode(key), encode(item)])
    return { $map: pairs.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b))) }
  }
  const map = isRecord(value) ? value : {}
  return Object.fromEntries(Object.keys(map).map((key) => [key, encode(map[key])]))
}

/** The value that conformance data stands for. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (!isRecord(value)) return value
  if (typeof value['$int'] === 'string') return BigInt(value['$int'])
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]))
}
