import type { Json, JsonObject } from '@argosy/engine'
import { BadWire, type WireField, wireFields } from '@argosy/kube/protobuf'

type DecodeMessage = (type: string, bytes: Uint8Array) => JsonObject

/** A type that JSON writes in a way of its own: times, quantities, numbers or texts, free JSON. */
export function decodeSpecial(name: string, bytes: Uint8Array, decode: DecodeMessage): Json {
  const special = Object.hasOwn(specials, name) ? specials[name] : undefined
  if (special === undefined) throw new BadWire(`no such kind of field: ${name}`)
  return special([...wireFields(bytes)], decode)
}

type Special = (fields: readonly WireField[], decode: DecodeMessage) => Json

const schemaType = 'apiextensions/v1.JSONSchemaProps'

const specials: Readonly<Record<string, Special>> = {
  time: (fields) => timeOf(fields, 0),
  microtime: (fields) => timeOf(fields, 6),
  quantity: (fields) => textAt(fields, 1) || '0',
  intstr: (fields) => (numberAt(fields, 1) === 0n ? signed(fields, 2) : textAt(fields, 3)),
  raw: freeJson,
  json: freeJson,
  fieldsv1: freeJson,
  orbool: (fields, decode) => schemasAt(fields, 2, decode)[0] ?? numberAt(fields, 1) !== 0n,
  orarray: (fields, decode) => {
    const list = schemasAt(fields, 2, decode)
    return list.length > 0 ? list : (schemasAt(fields, 1, decode)[0] ?? null)
  },
  orstrs: (fields, decode) => {
    const names = fields.filter(({ number }) => number === 2).map(text)
    return names.length > 0 ? names : (schemasAt(fields, 1, decode)[0] ?? null)
  },
}

function freeJson(fields: readonly WireField[]): Json {
  const json = textAt(fields, 1)
  if (json === '') return null
  try {
    return JSON.parse(json) as Json
  } catch (cause) {
    throw new BadWire('a field that should hold JSON does not', { cause })
  }
}

/** The zero time is no time. */
function timeOf(fields: readonly WireField[], digits: number): Json {
  if (fields.length === 0) return null
  const seconds = BigInt.asIntN(64, numberAt(fields, 1))
  const nanos = Number(BigInt.asIntN(32, numberAt(fields, 2)))
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const fraction = String(Math.trunc(nanos / 1000)).padStart(6, '0')
  return digits === 0 ? `${whole}Z` : `${whole}.${fraction}Z`
}

function find(fields: readonly WireField[], number: number): WireField | undefined {
  return fields.find((field) => field.number === number)
}

function numberAt(fields: readonly WireField[], number: number): bigint {
  const field = find(fields, number)
  return field && 'value' in field ? field.value : 0n
}

function signed(fields: readonly WireField[], number: number): number {
  return Number(BigInt.asIntN(64, numberAt(fields, number)))
}

function text(field: WireField): string {
  return 'bytes' in field ? Buffer.from(field.bytes).toString('utf8') : ''
}

function textAt(fields: readonly WireField[], number: number): string {
  const field = find(fields, number)
  return field ? text(field) : ''
}

function schemasAt(fields: readonly WireField[], number: number, decode: DecodeMessage): Json[] {
  return fields.flatMap((field) =>
    field.number === number && 'bytes' in field ? [decode(schemaType, field.bytes)] : [],
  )
}
