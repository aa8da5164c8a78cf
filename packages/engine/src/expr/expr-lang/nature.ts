import type { GoFunction, GoParameter, GoSignature } from '../go-function.ts'
import { goType } from '../go-value.ts'
import { typeNames } from './call.ts'

/*
 * What is known about a value before evaluation. An unknown value fits everywhere; a known one
 * must fit, and the error texts show its Go type.
 */

type NatureKind =
  | 'unknown'
  | 'nil'
  | 'bool'
  | 'int'
  | 'float'
  | 'string'
  | 'list'
  | 'map'
  | 'function'
  | 'struct'
  | 'duration'
  | 'pointer'
  | 'enum'

export interface Nature {
  readonly kind: NatureKind
  /** The Go type, as error texts show it. */
  readonly type: string
  /** Items of a list, values of a map. */
  readonly item?: Nature
  readonly signature?: GoSignature | undefined
  /** A built-in that is named without being called. */
  readonly builtin?: string
}

/** Nothing is known; `anything` is the same as a declared Go type. */
export const unknown: Nature = { kind: 'unknown', type: 'unknown' }
export const anything: Nature = { kind: 'unknown', type: 'interface {}' }
export const nil: Nature = { kind: 'nil', type: 'unknown' }
export const bool: Nature = { kind: 'bool', type: 'bool' }
export const int: Nature = { kind: 'int', type: 'int' }
export const float: Nature = { kind: 'float', type: 'float64' }
export const string: Nature = { kind: 'string', type: 'string' }
export const bytes: Nature = { kind: 'list', type: '[]uint8', item: int }
export const list: Nature = { kind: 'list', type: '[]interface {}', item: anything }
const strings: Nature = { kind: 'list', type: '[]string', item: string }
export const map: Nature = { kind: 'map', type: 'map[string]interface {}', item: anything }
export const anyMap: Nature = { kind: 'map', type: 'map[interface {}]interface {}', item: anything }
export const time: Nature = { kind: 'struct', type: 'time.Time' }
export const duration: Nature = { kind: 'duration', type: 'time.Duration' }
const location: Nature = { kind: 'pointer', type: '*time.Location' }

export function listOf(item: Nature): Nature {
  return { kind: 'list', type: '[]interface {}', item }
}

const parameterNatures: Readonly<Record<GoParameter, Nature>> = {
  any: anything,
  string,
  bool,
  int,
  int64: { kind: 'int', type: 'int64' },
  float64: float,
  list,
  strings,
  map,
  time,
  duration,
  location,
  ints: { kind: 'list', type: '[]int', item: int },
  floats: { kind: 'list', type: '[]float64', item: float },
  month: { kind: 'enum', type: 'time.Month' },
  weekday: { kind: 'enum', type: 'time.Weekday' },
}

export function natureOfParameter(parameter: GoParameter): Nature {
  return parameterNatures[parameter]
}

const byType: Readonly<Record<string, Nature>> = {
  '<nil>': nil,
  bool,
  int,
  float64: float,
  string,
  '[]interface {}': list,
  '[]uint8': bytes,
  'map[string]interface {}': map,
  'map[interface {}]interface {}': anyMap,
  'time.Time': time,
  'time.Duration': duration,
  '*time.Location': location,
}

/** The nature of a value of the environment. */
export function natureOf(value: unknown): Nature {
  if (typeof value !== 'function') return byType[goType(value)] ?? anything
  const { go } = value as GoFunction
  return functionNature(go)
}

function functionNature(signature: GoSignature | undefined): Nature {
  return { kind: 'function', type: functionType(signature), signature }
}

/** The nature of a built-in that is named like a value. */
export function builtinNature(name: string): Nature {
  return { kind: 'function', type: 'func(...interface {}) (interface {}, error)', builtin: name }
}

/** Go's text of a function type. */
function functionType(signature: GoSignature | undefined): string {
  if (!signature) return 'func(...interface {}) interface {}'
  const last = signature.parameters.length - 1
  const parameters = signature.parameters.map((parameter, index) =>
    signature.variadic && index === last ? `...${typeNames[parameter]}` : typeNames[parameter],
  )
  return `func(${parameters.join(', ')}) ${typeNames[signature.result]}`
}

export function isNumber({ kind }: Nature): boolean {
  return kind === 'int' || kind === 'float'
}

export function isUnknown({ kind }: Nature): boolean {
  return kind === 'unknown'
}

export function isTime({ type }: Nature): boolean {
  return type === 'time.Time'
}

/** Whether Go could assign a value of this nature to that type. */
export function assignable(from: Nature, to: Nature): boolean {
  if (from.kind === 'nil' && /^(?:list|map|function|pointer)$/.test(to.kind)) return true
  if (from.kind === 'nil') return to === anything
  if (from === unknown || to === unknown || to.kind === 'nil') return false
  return to === anything || from.type === to.type
}

/** Whether `==` between the two makes sense. */
export function comparable(a: Nature, b: Nature): boolean {
  const kinds = [a.kind, b.kind]
  if (kinds.includes('unknown') || kinds.includes('nil')) return true
  if (isNumber(a) && isNumber(b)) return true
  return (a.kind === 'list' && b.kind === 'list') || assignable(a, b)
}

export type Fits = (nature: Nature) => boolean

/** One side unknown, the other unknown too or one of these. */
export function maybe(a: Nature, b: Nature, fits: readonly Fits[]): boolean {
  if (isUnknown(a)) return isUnknown(b) || fits.some((fit) => fit(b))
  return isUnknown(b) && fits.some((fit) => fit(a))
}
