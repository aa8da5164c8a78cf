import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type Field, type FieldKind, fieldsOf, typeOf } from '../protobuf/schema.ts'

/**
 * An object as Kubernetes' types write it: what is empty and says nothing by that is not there (`labels: {}`, a
 * `value: ""`). Of a custom resource only the metadata is of such a type. What stays the same is the same object.
 */
export function asWritten(object: JsonObject, isCustom: boolean): JsonObject {
  if (isCustom) return withMetadata(object)
  const type = typeOf(String(object['apiVersion']), String(object['kind']))
  return type === undefined ? withMetadata(object) : inStruct(object, type)
}

function withMetadata(object: JsonObject): JsonObject {
  const metadata = object['metadata']
  if (!isObject(metadata)) return object
  const written = inStruct(metadata, 'meta/v1.ObjectMeta')
  return written === metadata ? object : { ...object, metadata: written }
}

function inStruct(object: JsonObject, type: string): JsonObject {
  const known = membersOf(type)
  return mapped(object, (name, value) => {
    const field = known.get(name)
    if (field === undefined) return value
    const written = inValue(value, field.kind)
    return field.omitEmpty && isNothing(written, field) ? undefined : written
  })
}

function inValue(value: Json, kind: FieldKind): Json {
  switch (kind.is) {
    case 'message':
      return isObject(value) ? inStruct(value, kind.type) : value
    case 'map':
      if (!isObject(value)) return value
      return mapped(value, (_, inner) =>
        inner === null && isText(kind.of) ? '' : inValue(inner, kind.of),
      )
    case 'scalar':
      return value
    default:
      return Array.isArray(value) ? inItems(value as readonly Json[], kind.of) : value
  }
}

function inItems(items: readonly Json[], of: FieldKind): readonly Json[] {
  const written = items.map((item) => inValue(item, of))
  return written.every((item, index) => item === items[index]) ? items : written
}

/** `undefined` leaves a member out. */
function mapped(
  object: JsonObject,
  write: (name: string, value: Json) => Json | undefined,
): JsonObject {
  const names = Object.keys(object)
  const written = names.map((name) => {
    const value = object[name]
    return value === undefined ? undefined : write(name, value)
  })
  if (names.every((name, index) => written[index] === object[name])) return object
  const members: Record<string, Json> = {}
  for (const [index, name] of names.entries()) {
    const value = written[index]
    if (value !== undefined) define(members, name, value)
  }
  return members
}

/** Also of `__proto__`, which is a label like others. */
function define(members: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(members, name, {
    ...{ value, enumerable: true, writable: true, configurable: true },
  })
}

function isText(kind: FieldKind): boolean {
  return kind.is === 'scalar' && ['s', 'bytes'].includes(kind.name)
}

const zeros: Readonly<Record<string, Json>> = { s: '', b: false, i: 0, l: 0, d: 0, bytes: '' }

/** Whether Go leaves this out of a field that it leaves out when it is empty. */
function isNothing(value: Json, { kind, isPointer }: Field): boolean {
  if (value === null) return true
  if (isPointer) return false
  if (kind.is === 'scalar') return value === zeros[kind.name]
  return kind.is !== 'message' && typeof value === 'object' && Object.keys(value).length === 0
}

const read = new Map<string, ReadonlyMap<string, Field>>()

/** The fields of a type by their names, those of inlined types among them. */
export function membersOf(type: string): ReadonlyMap<string, Field> {
  const before = read.get(type)
  if (before) return before
  const members = new Map<string, Field>()
  for (const field of fieldsOf(type)?.values() ?? []) {
    if (!field.isInline || field.kind.is !== 'message') members.set(field.name, field)
    else for (const [name, inner] of membersOf(field.kind.type)) members.set(name, inner)
  }
  read.set(type, members)
  return members
}

/** What Kubernetes' types write of a field that nobody has set; `undefined` when they leave it out. */
export function unsetValue({ name, kind, omitEmpty, isPointer }: Field): Json | undefined {
  if (isPointer) return omitEmpty ? undefined : null
  if (kind.is === 'message') return {}
  if (omitEmpty) return isTime(kind) && name !== 'creationTimestamp' ? null : undefined
  if (kind.is === 'scalar') return zeros[kind.name] ?? null
  return kind.is === 'map' ? {} : []
}

function isTime(kind: FieldKind): boolean {
  return kind.is === 'scalar' && ['time', 'microtime'].includes(kind.name)
}
