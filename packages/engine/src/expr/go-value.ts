import { GoDuration } from '../spec/duration.ts'
import { GoEnum } from './go-time/go-enum.ts'
import { GoTime } from './go-time/go-time.ts'
import { GoLocation } from './go-time/zone.ts'

/*
 * How Go's values look here: nil is null (or undefined), int is bigint, float64 is number,
 * []any is an array, map[string]any a plain object, map[any]any a Map, []byte a Uint8Array.
 */

/** The Go type that `%T` shows. */
export function goType(value: unknown): string {
  const simple = simpleTypes[typeof value]
  if (simple !== undefined) return simple
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (value instanceof GoEnum) return value.type
  const known = classes.find(([type]) => value instanceof type)
  return known ? known[1] : 'map[string]interface {}'
}

const simpleTypes: Readonly<Record<string, string>> = {
  undefined: '<nil>',
  string: 'string',
  bigint: 'int',
  number: 'float64',
  boolean: 'bool',
  function: 'func(...interface {}) interface {}',
}

const classes = [
  [GoTime, 'time.Time'],
  [GoDuration, 'time.Duration'],
  [GoLocation, '*time.Location'],
  [Uint8Array, '[]uint8'],
  [Map, 'map[interface {}]interface {}'],
] as const

/** A map[string]any. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return goType(value) === 'map[string]interface {}'
}

const textMaps = new WeakSet<object>()

/** A map[string]string: what it lacks reads as empty text. */
export function textMap(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const map = Object.fromEntries(entries)
  textMaps.add(map)
  return map
}

/** What a map gives for a key that it does not have. */
export function absentIn(map: object): '' | null {
  return textMaps.has(map) ? '' : null
}

export function isNil(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** Go compares strings byte by byte, which is the order of code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

// Surrogates stand for code points above every single unit.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Keys of a map in the order in which Go prints them. */
export function sortedKeys(map: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(map).sort(compareText)
}
