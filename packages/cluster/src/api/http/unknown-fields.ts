import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type Field, type FieldKind, fieldsOf, typeOf } from '../parts/protobuf/schema.ts'

/** The paths of what is in an object of Kubernetes' own kinds and is no field of them, as `spec.containers[0].img`. */
export function unknownFields(object: JsonObject): readonly string[] {
  const type = typeOf(String(object['apiVersion']), String(object['kind']))
  if (type === undefined) return []
  const { apiVersion: _, kind: __, ...content } = object
  const found: string[] = []
  inMessage(type, content, { path: '', found })
  return found
}

interface Place {
  readonly path: string
  readonly found: string[]
}

function inMessage(type: string, object: JsonObject, { path, found }: Place): void {
  const fields = namesOf(type)
  if (!fields) return
  for (const [name, value] of Object.entries(object)) {
    const here = path === '' ? name : `${path}.${name}`
    const field = fields.get(name)
    if (field === undefined) found.push(here)
    else if (value !== undefined) inValue(field.kind, value, { path: here, found })
  }
}

function inValue(kind: FieldKind, value: Json, place: Place): void {
  if (kind.is === 'message') {
    if (isObject(value)) inMessage(kind.type, value, place)
  } else if (kind.is === 'list') {
    if (!Array.isArray(value)) return
    for (const [index, item] of value.entries())
      inValue(kind.of, item, { ...place, path: `${place.path}[${index}]` })
  } else if (kind.is === 'map' && isObject(value)) {
    for (const [name, item = null] of Object.entries(value))
      inValue(kind.of, item, { ...place, path: `${place.path}.${name}` })
  }
}

const known = new Map<string, ReadonlyMap<string, Field> | undefined>()

/** The fields of a type by name, those that stand inline among them; undefined for types that are not messages of fields. */
function namesOf(type: string): ReadonlyMap<string, Field> | undefined {
  if (known.has(type)) return known.get(type)
  const fields = fieldsOf(type)
  const names = fields && new Map([...fields.values()].flatMap(named))
  known.set(type, names)
  return names
}

function named(field: Field): readonly (readonly [string, Field])[] {
  if (!field.isInline || field.kind.is !== 'message') return [[field.name, field]]
  return [...(namesOf(field.kind.type) ?? [])]
}
