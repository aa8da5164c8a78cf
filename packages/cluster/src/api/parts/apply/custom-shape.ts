import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { builtInShape } from './built-in-shape.ts'
import { type ObjectShape, type Shape, scalar, untyped } from './shape.ts'

/** How custom resources are owned, by the schema of their version; without one, by what they look like. */
export function customShape(schema: JsonObject | undefined): Shape {
  const own = schema === undefined ? untyped : shapeOf(schema)
  const metadata = builtInShape('v1', 'ConfigMap')
  return {
    is: 'object',
    atomic: false,
    member: (name) => {
      if (name === 'apiVersion' || name === 'kind') return scalar
      if (name === 'metadata' && metadata?.is === 'object') return metadata.member('metadata')
      return own.is === 'object' ? own.member(name) : untyped
    },
    isNamed: (name) =>
      ['apiVersion', 'kind', 'metadata'].includes(name) ||
      (own.is === 'object' && own.isNamed(name)),
    ...(own.is === 'object' && own.knows && { knows: knowsWith(own.knows) }),
  }
}

function knowsWith(knows: (name: string) => boolean): (name: string) => boolean {
  return (name) => ['apiVersion', 'kind', 'metadata'].includes(name) || knows(name)
}

function shapeOf(schema: JsonObject): Shape {
  if (schema['x-kubernetes-int-or-string'] === true) return scalar
  switch (schema['type']) {
    case 'object':
      return objectShape(schema)
    case 'array':
      return listShape(schema)
    case undefined:
      return untyped
    default:
      return scalar
  }
}

function objectShape(schema: JsonObject): ObjectShape {
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const values = schema['additionalProperties']
  const isField = (name: string) => Object.hasOwn(properties, name)
  const shapes = new Map<string, Shape>()
  const fieldShape = (name: string, field: JsonObject): Shape => {
    const made = shapes.get(name) ?? shapeOf(field)
    shapes.set(name, made)
    return made
  }
  const isOpen = isObject(values) || values === true || isPreserving(schema)
  let valueShape: Shape | undefined
  return {
    is: 'object',
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    member: (name) => {
      if (isField(name)) {
        const field = properties[name]
        return isObject(field) ? fieldShape(name, field) : untyped
      }
      valueShape ??= isObject(values) ? shapeOf(values) : untyped
      return valueShape
    },
    isNamed: isField,
    ...(!isOpen && { knows: isField }),
  }
}

/** What Kubernetes keeps of it is not said by its fields alone. */
function isPreserving(schema: JsonObject): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true ||
    schema['properties'] === undefined
  )
}

function listShape(schema: JsonObject): Shape {
  const items = schema['items']
  const keys = schema['x-kubernetes-list-map-keys']
  const type = schema['x-kubernetes-list-type']
  return {
    is: 'list',
    relation: type === 'map' || type === 'set' ? type : 'atomic',
    item: isObject(items) ? shapeOf(items) : untyped,
    keys: Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [],
    keyDefaults: defaultsOf(items),
  }
}

function defaultsOf(items: Json | undefined): JsonObject {
  const properties = isObject(items) ? items['properties'] : undefined
  if (!isObject(properties)) return {}
  const found = Object.entries(properties).flatMap(([name, property]) =>
    isObject(property) && property['default'] !== undefined
      ? [[name, property['default']] as const]
      : [],
  )
  return Object.fromEntries(found)
}
