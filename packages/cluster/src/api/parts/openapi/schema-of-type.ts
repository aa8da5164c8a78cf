import type { JsonObject } from '@argosy/engine'
import { type Field, type FieldKind, fieldsOf } from '../protobuf/schema.ts'
import { explanations } from './explanations.table.ts'

/** The name of a type among the schemas of a document: `io.k8s.api.core.v1.Pod`. */
export function schemaName(type: string): string {
  const [room = '', rest = ''] = type.split('/')
  if (room === 'meta') return `io.k8s.apimachinery.pkg.apis.meta.${rest}`
  if (room === 'apiextensions')
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${rest}`
  return `io.k8s.api.${room}.${rest}`
}

/** The schema of an API type, and the types that it names. */
export function schemaOfType(type: string): {
  readonly schema: JsonObject
  readonly named: readonly string[]
} {
  const fields = [...(fieldsOf(type)?.values() ?? [])]
  const named = new Set<string>()
  const properties: [string, JsonObject][] = []
  const required: string[] = []
  const add = (field: Field) => {
    const { name, kind, omitEmpty, isPointer } = field
    if (field.isInline && kind.is === 'message') {
      for (const inner of fieldsOf(kind.type)?.values() ?? []) add(inner)
      return
    }
    const description = explanations[type]?.[name]
    const schema = schemaOfKind(kind, named)
    properties.push([name, description === undefined ? schema : described(schema, description)])
    if (!omitEmpty && !isPointer && kind.is === 'scalar') required.push(name)
  }
  for (const field of fields) add(field)
  const description = explanations[type]?.['']
  return {
    schema: {
      ...(description !== undefined && { description }),
      type: 'object',
      properties: Object.fromEntries(properties.sort(([a], [b]) => (a < b ? -1 : 1))),
      ...(required.length > 0 && { required: required.sort() }),
    },
    named: [...named],
  }
}

/** A reference says nothing beside itself, so that it stands in an `allOf`. */
function described(schema: JsonObject, description: string): JsonObject {
  return schema['$ref'] === undefined
    ? { description, ...schema }
    : { description, allOf: [schema] }
}

const scalars: Readonly<Record<string, JsonObject>> = {
  b: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  d: { type: 'number', format: 'double' },
  fieldsv1: { type: 'object' },
  i: { type: 'integer', format: 'int32' },
  intstr: { type: 'string', format: 'int-or-string' },
  l: { type: 'integer', format: 'int64' },
  microtime: { type: 'string', format: 'date-time' },
  quantity: { type: 'string' },
  raw: { type: 'object' },
  s: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
}

function schemaOfKind(kind: FieldKind, named: Set<string>): JsonObject {
  switch (kind.is) {
    case 'scalar':
      return scalars[kind.name] ?? {}
    case 'message':
      if (fieldsOf(kind.type) === undefined) return { type: 'object' }
      named.add(kind.type)
      return { $ref: `#/components/schemas/${schemaName(kind.type)}` }
    case 'map':
      return { type: 'object', additionalProperties: schemaOfKind(kind.of, named) }
    default:
      return { type: 'array', items: schemaOfKind(kind.of, named) }
  }
}
