import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { type FieldKind, fieldsOf, typeOf } from '../protobuf/schema.ts'

/**
 * The fields of a built-in object that its kind does not have, as `spec.containers[0].imgae`; none for other objects.
 * What they are told with is `strictText` or `strictWarnings`.
 */
export function unknownFields(object: JsonObject): readonly string[] {
  const type = typeOf(String(object['apiVersion']), String(object['kind']))
  if (type === undefined) return []
  const found: string[] = []
  inStruct(object, type, { path: '', found })
  return found.sort()
}

interface Search {
  readonly path: string
  readonly found: string[]
}

function inStruct(object: JsonObject, type: string, { path, found }: Search): void {
  const known = membersOf(type)
  for (const name of Object.keys(object)) {
    const kind = known.get(name)
    // Most members are these, and nothing is in them.
    if (kind?.is === 'scalar') continue
    const here = path === '' ? name : `${path}.${name}`
    if (kind) inValue(object[name], kind, { path: here, found })
    else if (!typeMembers.includes(name) || !(path === '' || isObjectType(type))) found.push(here)
  }
}

const typeMembers = ['apiVersion', 'kind']

/** Whole objects that stand in others, as claims in a StatefulSet, say what they are; templates do not. */
function isObjectType(type: string): boolean {
  return membersOf(type).has('metadata') && !/Template(Spec)?$/.test(type)
}

function inValue(value: Json | undefined, kind: FieldKind, search: Search): void {
  if (kind.is === 'scalar') return
  if (kind.is === 'message') {
    if (isObject(value)) inStruct(value, kind.type, search)
  } else if (kind.of.is !== 'scalar') inMembers(value, kind, search)
}

function inMembers(
  value: Json | undefined,
  { is, of }: Extract<FieldKind, { readonly of: FieldKind }>,
  { path, found }: Search,
): void {
  if (is === 'map') {
    if (!isObject(value)) return
    for (const [name, inner] of Object.entries(value))
      inValue(inner, of, { path: `${path}.${name}`, found })
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries())
      inValue(item, of, { path: `${path}[${index}]`, found })
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
