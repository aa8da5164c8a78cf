import type { Json, JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { describe, expect, test } from 'vitest'
import cases from './decode-protobuf.cases.json' with { type: 'json' }
import { decodeProtobuf } from './decode-protobuf.ts'
import { fieldTable } from './fields.table.ts'
import { type FieldKind, fieldsOf } from './schema.ts'

interface Case {
  readonly object: JsonObject
  readonly bytes: string
}

const all = cases as unknown as readonly Case[]

/** Empty lists are not on the wire, and Go then writes null: absent here. */
function withoutEmptyLists(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutEmptyLists)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, inner]) => {
    return !(Array.isArray(inner) && inner.length === 0)
  })
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutEmptyLists(inner as Json)]))
}

describe('what client-go writes', () => {
  for (const { object, bytes } of all) {
    test(`${object['apiVersion']} ${object['kind']}`, () => {
      const decoded = decodeProtobuf(Buffer.from(bytes, 'base64'))
      expect(decoded).toEqual(withoutEmptyLists(object))
    })
  }
})

function reasonOf(body: Uint8Array): string {
  try {
    decodeProtobuf(body)
  } catch (error) {
    if (error instanceof StatusError) return error.reason
    throw error
  }
  return 'none'
}

test('JSON under the name of protobuf is a bad request', () => {
  expect(reasonOf(Buffer.from('{"kind":"Pod"}'))).toBe('BadRequest')
})

test('bytes that end too early are a bad request, wherever they end', () => {
  const whole = Buffer.from(all[0]!.bytes, 'base64')
  const reasons = new Set<string>()
  for (let end = 0; end < whole.length; end++) reasons.add(reasonOf(whole.subarray(0, end)))
  expect([...reasons].sort()).toEqual(['BadRequest', 'UnsupportedMediaType', 'none'].sort())
})

test('a kind whose fields are not known is refused as a media type', () => {
  const bytes = Buffer.from(all[1]!.bytes, 'base64')
  const other = Buffer.from(bytes.toString('latin1').replace('Secret', 'Sacred'), 'latin1')
  expect(reasonOf(other)).toBe('UnsupportedMediaType')
})

test('the table names no type that it does not have, but those without fields', () => {
  const named = (kind: FieldKind): readonly string[] =>
    kind.is === 'message' ? [kind.type] : kind.is === 'scalar' ? [] : named(kind.of)
  const types = fieldTable
    .trim()
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '')
  const missing = new Set<string>()
  for (const type of types) {
    for (const { kind } of fieldsOf(type)?.values() ?? []) {
      for (const inner of named(kind)) if (fieldsOf(inner) === undefined) missing.add(inner)
    }
  }
  expect([...missing]).toEqual(['empty'])
})
