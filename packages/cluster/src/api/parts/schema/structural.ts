import { isObject, type Json } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from './flaw.ts'
import {
  isEmbedded,
  isList,
  type JsonSchema,
  keepsUnknown,
  schemaAt,
  schemasAt,
} from './json-schema.ts'
import { prune } from './prune.ts'
import { patternOf, schemaFlaws } from './validate.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** What keeps a schema from being structural, in Kubernetes' words; `path` is where the schema stands. */
export function structuralFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const type = schema['type']
  if (type === undefined || type === '')
    return [flawOf.required(`${path}.type`, 'must not be empty at the root')]
  if (type !== 'object') return [flawOf.invalid(`${path}.type`, type, 'must be object at the root')]
  return [...metadataFlaws(schema, path), ...nodeFlaws(schema, path, 'object fields')]
}

function metadataFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const metadata = schemaAt(schemaAt(schema, 'properties') ?? {}, 'metadata') ?? {}
  const named = Object.keys(schemaAt(metadata, 'properties') ?? {})
  const isPlain = named.every((name) => name === 'name' || name === 'generateName')
  if (isPlain) return []
  const why =
    'must not specify anything other than name and generateName, but metadata is implicitly specified'
  return [flawOf.forbidden(`${path}.properties[metadata]`, why)]
}

function nodeFlaws(schema: JsonSchema, path: string, as: string): readonly Flaw[] {
  if (schema['$ref'] !== undefined)
    return [flawOf.forbidden(`${path}.$ref`, '$ref is not supported')]
  return [
    ...typeFlaws(schema, path, as),
    ...memberFlaws(schema, path),
    ...extensionFlaws(schema, path),
    ...listFlaws(schema, path),
    ...valueFlaws(schema, path),
    ...['allOf', 'anyOf', 'oneOf'].flatMap((name) =>
      schemasAt(schema, name).flatMap((one, index) =>
        saysIntOrString(schema, name) ? [] : junctorFlaws(one, `${path}.${name}[${index}]`),
      ),
    ),
    ...junctorFlaws(schemaAt(schema, 'not') ?? {}, `${path}.not`),
  ]
}

/** The one way to name types under a junctor: `anyOf` integer and string, where that is what the schema is. */
function saysIntOrString(schema: JsonSchema, name: string): boolean {
  if (name !== 'anyOf' || schema['x-kubernetes-int-or-string'] !== true) return false
  const both = [{ type: 'integer' }, { type: 'string' }]
  return equalJson(schemasAt(schema, name), both)
}

function isUntyped(schema: JsonSchema): boolean {
  return schema['x-kubernetes-int-or-string'] === true || keepsUnknown(schema)
}

function typeFlaws(schema: JsonSchema, path: string, as: string): readonly Flaw[] {
  const type = schema['type']
  if (type === undefined || type === '') {
    if (isUntyped(schema)) return []
    return [flawOf.required(`${path}.type`, `must not be empty for specified ${as}`)]
  }
  return types.includes(String(type)) ? [] : [flawOf.notSupported(`${path}.type`, type, types)]
}

function memberFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const properties = schemaAt(schema, 'properties') ?? {}
  const others = schemaAt(schema, 'additionalProperties')
  const items = schemaAt(schema, 'items')
  const flaws = Object.entries(properties).flatMap(([name, member]) =>
    isObject(member) ? nodeFlaws(member, `${path}.properties[${name}]`, 'object fields') : [],
  )
  if (others && Object.keys(properties).length > 0) {
    const why = 'additionalProperties and properties are mutual exclusive'
    flaws.push(flawOf.forbidden(`${path}.additionalProperties`, why))
  } else if (others)
    flaws.push(...nodeFlaws(others, `${path}.additionalProperties`, 'object fields'))
  if (items) flaws.push(...nodeFlaws(items, `${path}.items`, 'array items'))
  else if (schema['type'] === 'array')
    flaws.push(flawOf.required(`${path}.items`, 'must be specified'))
  return flaws
}

function extensionFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const keep = 'x-kubernetes-preserve-unknown-fields'
  const flaws: Flaw[] = []
  if (schema[keep] === false) {
    flaws.push(flawOf.invalid(`${path}.${keep}`, false, 'must be true or undefined'))
  }
  const isBare = schemaAt(schema, 'properties') === undefined && !keepsUnknown(schema)
  if (isEmbedded(schema) && isBare) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    flaws.push(flawOf.required(`${path}.properties`, why))
  }
  if (schema['uniqueItems'] === true) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    flaws.push(flawOf.forbidden(`${path}.uniqueItems`, why))
  }
  if (schema['x-kubernetes-map-type'] !== undefined && schema['type'] !== 'object') {
    const why = 'must be object if x-kubernetes-map-type is specified'
    flaws.push(flawOf.invalid(`${path}.type`, schema['type'] ?? '', why))
  }
  return flaws
}

const listTypes = ['atomic', 'set', 'map']

function listFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const name = 'x-kubernetes-list-type'
  const listType = schema[name]
  if (listType === undefined) return []
  const flaws: Flaw[] = []
  if (!listTypes.includes(String(listType)))
    flaws.push(flawOf.notSupported(`${path}.${name}`, listType, listTypes))
  if (schema['type'] !== 'array') {
    const why = 'must be array if x-kubernetes-list-type is specified'
    flaws.push(flawOf.invalid(`${path}.type`, schema['type'] ?? '', why))
  }
  if (listType === 'set') flaws.push(...setFlaws(schema, path))
  if (listType === 'map') flaws.push(...mapFlaws(schema, path))
  return flaws
}

function setFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const items = schemaAt(schema, 'items') ?? {}
  const mapType = items['x-kubernetes-map-type']
  if (items['type'] !== 'object' || mapType === 'atomic') return []
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  return [flawOf.invalid(`${path}.items.x-kubernetes-map-type`, mapType ?? null, why)]
}

function mapFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const given = schema['x-kubernetes-list-map-keys']
  const keys = isList(given) ? given.map(String) : []
  const items = schemaAt(schema, 'items')
  const field = `${path}.x-kubernetes-list-map-keys`
  const flaws: Flaw[] = []
  if (keys.length === 0)
    flaws.push(flawOf.required(field, 'must not be empty if x-kubernetes-list-type is map'))
  if (items === undefined) {
    const why = 'must have a schema if x-kubernetes-list-type is map'
    return [...flaws, flawOf.required(`${path}.items`, why)]
  }
  const properties = schemaAt(items, 'properties') ?? {}
  if (!keys.every((key) => Object.hasOwn(properties, key)))
    flaws.push(flawOf.invalid(field, keys, 'entries must all be names of item properties'))
  return [...flaws, ...keys.flatMap((key) => keyFlaws(key, items, path))]
}

function keyFlaws(key: string, items: JsonSchema, path: string): readonly Flaw[] {
  const property = schemaAt(schemaAt(items, 'properties') ?? {}, key)
  const required = items['required']
  if (property === undefined || property['default'] !== undefined) return []
  if (isList(required) && required.includes(key)) return []
  const why =
    'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
  return [flawOf.required(`${path}.items.properties[${key}].default`, why)]
}

function valueFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const { pattern, default: given } = schema
  const flaws: Flaw[] = []
  if (typeof pattern === 'string' && patternOf(pattern) === undefined) {
    const why = "must be a valid regular expression, but isn't"
    flaws.push(flawOf.invalid(`${path}.pattern`, pattern, why))
  }
  if (given !== undefined) flaws.push(...defaultFlaws(given, schema, `${path}.default`))
  return flaws
}

function defaultFlaws(given: Json, schema: JsonSchema, path: string): readonly Flaw[] {
  const { unknown } = prune({ given }, { properties: { given: schema } })
  if (unknown.length > 0) return [flawOf.invalid(path, given, 'must not have unknown fields')]
  return schemaFlaws(given, schema).map((flaw) => ({ ...flaw, field: path }))
}

const forbiddenInJunctors = [
  'type',
  'default',
  'description',
  'title',
  'nullable',
  'additionalProperties',
]

/** Under `oneOf` and its like a schema may but restrict. */
function junctorFlaws(schema: JsonSchema, path: string): readonly Flaw[] {
  const own = forbiddenInJunctors
    .filter((name) => schema[name] !== undefined)
    .map((name) => {
      const word =
        name === 'type' || name === 'description' || name === 'title' ? 'empty' : 'undefined'
      return flawOf.forbidden(`${path}.${name}`, `must be ${word} to be structural`)
    })
  const members = Object.entries(schemaAt(schema, 'properties') ?? {}).flatMap(([name, member]) =>
    isObject(member) ? junctorFlaws(member, `${path}.properties[${name}]`) : [],
  )
  const items = schemaAt(schema, 'items')
  return [...own, ...members, ...(items ? junctorFlaws(items, `${path}.items`) : [])]
}
