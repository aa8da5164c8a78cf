import type { JsonObject } from '@argosy/engine'
import { type FieldKind, typeOf } from '../protobuf/schema.ts'
import { membersOf, unsetValue } from '../written/as-written.ts'
import { keyDefaults, listTypes } from './list-types.table.ts'
import { type ListShape, type ObjectShape, type Shape, scalar, untyped } from './shape.ts'

/** How the objects of a built-in kind are owned; `undefined` for kinds that are not built in. */
export function builtInShape(apiVersion: string, kind: string): Shape | undefined {
  const type = typeOf(apiVersion, kind)
  return type === undefined || type.startsWith('meta/') ? undefined : structShape(type, true)
}

const known = new Map<string, ObjectShape>()
const typeMembers = ['apiVersion', 'kind']

/** A struct; `isRoot` for whole objects, which have an apiVersion and a kind. */
function structShape(type: string, isRoot = false): ObjectShape {
  const before = known.get(type)
  if (before) return before
  const fields = membersOf(type)
  const marks = markedTypes().get(type)
  const members = new Map<string, Shape>()
  const isNamed = (name: string) => fields.has(name) || (isRoot && typeMembers.includes(name))
  const shape: ObjectShape = {
    is: 'object',
    atomic: marks?.has('!') ?? false,
    unset: unsetMembers(type),
    member: (name) => {
      const made = members.get(name)
      if (made) return made
      const field = fields.get(name)
      if (field === undefined) return untypedOr(isRoot, name)
      const member = shapeOf(field.kind, marks?.get(name))
      members.set(name, member)
      return member
    },
    isNamed,
    knows: (name) => isNamed(name) || typeMembers.includes(name),
  }
  known.set(type, shape)
  return shape
}

function untypedOr(isRoot: boolean, name: string): Shape {
  return isRoot && typeMembers.includes(name) ? scalar : untyped
}

/** What is always written of a struct, as it is when nobody has set it. */
function unsetMembers(type: string): JsonObject {
  const found = [...membersOf(type).values()].flatMap((field) => {
    const value = unsetValue(field)
    return value === undefined ? [] : [[field.name, value] as const]
  })
  return Object.fromEntries(found)
}

function shapeOf(kind: FieldKind, mark: string | undefined): Shape {
  switch (kind.is) {
    case 'message':
      return structShape(kind.type)
    case 'map':
      return mapShape(kind.of, mark === '!')
    case 'scalar':
      return ['raw', 'json'].includes(kind.name) ? untyped : scalar
    default:
      return listShape(kind.of, mark)
  }
}

function mapShape(of: FieldKind, atomic: boolean): ObjectShape {
  const member = shapeOf(of, undefined)
  return { is: 'object', atomic, member: () => member, isNamed: () => false }
}

function listShape(of: FieldKind, mark: string | undefined): ListShape {
  const item = shapeOf(of, undefined)
  const relation = mark === undefined ? 'atomic' : mark === '*' ? 'set' : 'map'
  const keys = mark?.split(',') ?? []
  const unset = item.is === 'object' ? (item.unset ?? {}) : {}
  const absent = keys.flatMap((key) => ((unset[key] ?? null) === null ? [] : [[key, unset[key]]]))
  return {
    ...{ is: 'list', relation, item, keys },
    keyDefaults: { ...Object.fromEntries(absent), ...keyDefaults },
  }
}

let marked: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined

function markedTypes(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  marked ??= new Map(
    listTypes
      .trim()
      .split('\n')
      .map((line) => {
        const [type = '', ...marks] = line.split(' ')
        return [type, new Map(marks.map((mark) => pairOf(mark)))] as const
      }),
  )
  return marked
}

function pairOf(mark: string): readonly [string, string] {
  const [name = '', value = ''] = mark.split('=')
  return [name, value]
}
