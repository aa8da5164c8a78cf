import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type FieldKind, typeOf } from '../protobuf/schema.ts'
import { membersOf } from '../written/as-written.ts'

/**
 * What in a built-in object is of another type than its field, in Go's words:
 * `json: cannot unmarshal number into Go struct field ConfigMap.data of type string`.
 */
export function typeFault(object: JsonObject): string | undefined {
  const type = typeOf(String(object['apiVersion']), String(object['kind']))
  return type === undefined ? undefined : faultInStruct(object, type, '')
}

interface Place {
  /** The struct that has the field. */
  readonly struct: string
  readonly path: string
}

function faultInStruct(object: JsonObject, type: string, path: string): string | undefined {
  const known = membersOf(type)
  for (const [name, value] of Object.entries(object)) {
    const field = known.get(name)
    if (field === undefined || value === undefined || value === null) continue
    const place = { struct: shortName(type), path: path === '' ? name : `${path}.${name}` }
    const fault = faultIn(value, field.kind, place)
    if (fault !== undefined) return fault
  }
  return undefined
}

function faultIn(value: Json, kind: FieldKind, place: Place): string | undefined {
  if (value === null) return undefined
  switch (kind.is) {
    case 'message':
      return isObject(value)
        ? faultInStruct(value, kind.type, place.path)
        : faulty(value, kind, place)
    case 'map':
      if (!isObject(value)) return faulty(value, kind, place)
      return firstOf(Object.values(value), kind.of, place)
    case 'scalar':
      return isOf(value, kind.name) ? undefined : faulty(value, kind, place)
    default:
      if (!Array.isArray(value)) return faulty(value, kind, place)
      return firstOf(value as readonly Json[], kind.of, place)
  }
}

function firstOf(values: readonly (Json | undefined)[], of: FieldKind, place: Place) {
  for (const value of values) {
    const fault = faultIn(value ?? null, of, place)
    if (fault !== undefined) return fault
  }
  return undefined
}

const most = { i: 2 ** 31, l: 2 ** 63 } as const

/** Of other scalars there is more than one way to write them. */
function isOf(value: Json, name: string): boolean {
  if (name === 's') return typeof value === 'string'
  if (name === 'b') return typeof value === 'boolean'
  if (name !== 'i' && name !== 'l') return true
  return Number.isInteger(value) && Math.abs(Number(value)) <= most[name]
}

function faulty(value: Json, kind: FieldKind, { struct, path }: Place): string {
  const wanted = goName(kind)
  const shown = typeof value === 'number' && /^int/.test(wanted) ? ` ${value}` : ''
  return `json: cannot unmarshal ${jsonName(value)}${shown} into Go struct field ${struct}.${path} of type ${wanted}`
}

function jsonName(value: Json): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const goNames: Readonly<Record<string, string>> = { s: 'string', b: 'bool', i: 'int32', l: 'int64' }

function goName(kind: FieldKind): string {
  if (kind.is === 'message') return `v1.${shortName(kind.type)}`
  if (kind.is === 'scalar') return goNames[kind.name] ?? kind.name
  return kind.is === 'map' ? `map[string]${goName(kind.of)}` : `[]${goName(kind.of)}`
}

function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1)
}
