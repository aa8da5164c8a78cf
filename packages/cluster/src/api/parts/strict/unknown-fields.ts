import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type FieldKind, fieldsOf, typeOf } from '../protobuf/schema.ts'

/**
 * The fields of a built-in object that its kind does not have, as `spec.containers[0].imgae`; none for other objects.
 * What they are told with is `strictText` or `strictWarnings`.
 */
export function unknownFields(object: JsonObject): readonly string[] {
  const type = typeOf(String(object['apiVersion']), String(object['kind']))
  return type === undefined ? [] : inStruct(object, type, '').sort()
}

function inStruct(object: JsonObject, type: string, path: string): string[] {
  const known = membersOf(type)
  const isWhole = path === '' || isObjectType(type)
  return Object.entries(object).flatMap(([name, value]) => {
    const here = path === '' ? name : `${path}.${name}`
    const kind = known.get(name)
    if (kind === undefined) return isWhole && typeMembers.includes(name) ? [] : [here]
    return value === undefined ? [] : inValue(value, kind, here)
  })
}

const typeMembers = ['apiVersion', 'kind']

/** Whole objects that stand in others, as claims in a StatefulSet, say what they are; templates do not. */
function isObjectType(type: string): boolean {
  return membersOf(type).has('metadata') && !/Template(Spec)?$/.test(type)
}

function inValue(value: Json, kind: FieldKind, path: string): string[] {
  switch (kind.is) {
    case 'message':
      return isObject(value) ? inStruct(value, kind.type, path) : []
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([name, inner]) =>
            inValue(inner ?? null, kind.of, `${path}.${name}`),
          )
        : []
    case 'scalar':
      return []
    default:
      return Array.isArray(value)
        ? value.flatMap((item: Json, index) => inValue(item, kind.of, `${path}[${index}]`))
        : []
  }
}

const read = new Map<string, ReadonlyMap<string, FieldKind>>()

/** The members of a type in JSON, those of inlined types among them. */
function membersOf(type: string): ReadonlyMap<string, FieldKind> {
  const before = read.get(type)
  if (before) return before
  const members = new Map<string, FieldKind>()
  for (const { name, kind, isInline } of fieldsOf(type)?.values() ?? []) {
    if (!isInline || kind.is !== 'message') members.set(name, kind)
    else for (const [inner, of] of membersOf(kind.type)) members.set(inner, of)
  }
  read.set(type, members)
  return members
}
