import type { JsonObject } from '../json.ts'
import { argoShapes } from './argo-shapes.table.ts'
import { kubeShapes } from './kube-shapes.table.ts'
import type { scalarTypes } from './scalar.ts'

/** Every type of a manifest as JSON Schema, by its name; they refer to each other below `root`. Unknown fields may be there. */
export function manifestSchemas(root: string): Readonly<Record<string, JsonObject>> {
  const shapes = { ...kubeShapes, ...argoShapes }
  const names = new Set(Object.keys(shapes))
  const schemaOf = (type: string): JsonObject => {
    if (type.startsWith('[]')) return { type: 'array', items: schemaOf(type.slice(2)) }
    if (type.startsWith('{}')) {
      return { type: 'object', additionalProperties: schemaOf(type.slice(2)) }
    }
    if (names.has(type)) return { $ref: `${root}${type}` }
    return scalars[type as keyof typeof scalarTypes] ?? {}
  }
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(shape).map(([field, type]) => [field, schemaOf(type)]),
        ),
      },
    ]),
  )
}

const scalars: Readonly<Record<keyof typeof scalarTypes, JsonObject>> = {
  json: {},
  string: { type: 'string' },
  bool: { type: 'boolean' },
  number: { type: 'number' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
  anyString: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  time: { type: 'string' },
  plugin: { type: 'object' },
}
