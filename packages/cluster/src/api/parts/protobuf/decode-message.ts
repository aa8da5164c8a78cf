import type { Json, JsonObject } from '@argosy/engine'
import { BadWire, type WireField, wireFields } from '@argosy/kube/protobuf'
import { decodeSpecial } from './decode-special.ts'
import { type Field, type FieldKind, fieldsOf } from './schema.ts'

type Draft = Record<string, Json | undefined>

/** A message of a type as JSON, with what Go leaves out of JSON left out. Throws `BadWire`. */
export function decodeMessage(type: string, bytes: Uint8Array): JsonObject {
  const fields = fieldsOf(type)
  // Messages without fields have no line of their own.
  if (fields === undefined) return {}
  const draft: Draft = Object.create(null)
  for (const wire of wireFields(bytes)) {
    const field = fields.get(wire.number)
    if (field !== undefined) put(draft, field, wire)
  }
  return { ...draft }
}

function put(draft: Draft, field: Field, wire: WireField): void {
  const { kind, name } = field
  if (field.isInline && kind.is === 'message') {
    Object.assign(draft, decodeMessage(kind.type, bytesOf(wire)))
  } else if (kind.is === 'list') {
    const before = draft[name]
    draft[name] = [...(Array.isArray(before) ? before : []), decodeValue(kind.of, wire)]
  } else if (kind.is === 'map') {
    draft[name] = { ...(draft[name] as JsonObject | undefined), ...entryOf(kind.of, wire) }
  } else {
    const value = decodeValue(kind, wire)
    if (counts(field, value)) draft[name] = value
  }
}

/** Go writes fields that are not pointers even when they are empty. */
function counts({ omitEmpty, isPointer }: Field, value: Json): boolean {
  if (value === null) return false
  return isPointer || !omitEmpty || (value !== '' && value !== 0 && value !== false)
}

function entryOf(kind: FieldKind, wire: WireField): JsonObject {
  let name = ''
  let value: Json | undefined
  for (const part of wireFields(bytesOf(wire))) {
    if (part.number === 1) name = textOf(part)
    else if (part.number === 2) value = decodeValue(kind, part)
  }
  return { [name]: value ?? emptyOf(kind) }
}

function emptyOf(kind: FieldKind): Json {
  if (kind.is === 'wrapped') return []
  if (kind.is !== 'scalar') return {}
  if (kind.name === 's' || kind.name === 'bytes') return ''
  return decodeSpecial(kind.name, new Uint8Array(), decodeMessage)
}

function decodeValue(kind: FieldKind, wire: WireField): Json {
  switch (kind.is) {
    case 'message':
      return decodeMessage(kind.type, bytesOf(wire))
    case 'wrapped':
      return [...wireFields(bytesOf(wire))].map((item) => decodeValue(kind.of, item))
    case 'scalar':
      return decodeScalar(kind.name, wire)
    default:
      throw new BadWire('a list in a list')
  }
}

function decodeScalar(name: string, wire: WireField): Json {
  switch (name) {
    case 's':
      return textOf(wire)
    case 'b':
      return numberOf(wire) !== 0n
    case 'i':
    case 'l':
      return Number(BigInt.asIntN(64, numberOf(wire)))
    case 'd': {
      const bytes = bytesOf(wire)
      return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true)
    }
    case 'bytes':
      return Buffer.from(bytesOf(wire)).toString('base64')
    default:
      return decodeSpecial(name, bytesOf(wire), decodeMessage)
  }
}

export function bytesOf(wire: WireField): Uint8Array {
  if ('bytes' in wire) return wire.bytes
  throw new BadWire(`field ${wire.number} is no message`)
}

function numberOf(wire: WireField): bigint {
  if ('value' in wire) return wire.value
  throw new BadWire(`field ${wire.number} is no number`)
}

export function textOf(wire: WireField): string {
  return Buffer.from(bytesOf(wire)).toString('utf8')
}
