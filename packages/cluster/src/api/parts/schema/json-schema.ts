import { isObject, type Json, type JsonObject } from '@argosy/engine'

/** A schema of a CustomResourceDefinition: JSON that was checked to be one. */
export type JsonSchema = JsonObject

/** A part of a schema that is itself one. */
export function schemaAt(schema: JsonSchema, name: string): JsonSchema | undefined {
  const inner = schema[name]
  return isObject(inner) ? inner : undefined
}

/** The schemas in a list of them, as of `oneOf`. */
export function schemasAt(schema: JsonSchema, name: string): readonly JsonSchema[] {
  const list = schema[name]
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : []
}

/** The schema of a member; `undefined` when the schema does not name it. */
export function memberSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = schemaAt(schema, 'properties') ?? {}
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (isObject(own)) return own
  const others = schema['additionalProperties']
  // Kubernetes keeps such members but prunes what is in them; `false` is for validation to refuse.
  return typeof others === 'boolean' ? {} : isObject(others) ? others : undefined
}

export function keepsUnknown(schema: JsonSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true
}

export function isEmbedded(schema: JsonSchema): boolean {
  return schema['x-kubernetes-embedded-resource'] === true
}

/** What every object has, whatever its schema says. */
export const typeMembers: readonly string[] = ['apiVersion', 'kind', 'metadata']

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
