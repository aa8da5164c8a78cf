import { type Field, type FieldKind, fieldsOf, typeOf } from '../protobuf/schema.ts'
import { keyDefaults, listTypes } from './list-types.table.ts'
import { type ListShape, type ObjectShape, type Shape, scalar, untyped } from './shape.ts'

/** How the objects of a built-in kind are owned; `undefined` for kinds that are not built in. */
export function builtInShape(apiVersion: string, kind: string): Shape | undefined {
  const type = typeOf(apiVersion, kind)
  return type === undefined || type.startsWith('meta/') ? undefined : structShape(type, true)
}

const known = new Map<string, ObjectShape>()

/** A struct; `isRoot` for whole objects, which have an apiVersion and a kind. */
function structShape(type: string, isRoot = false): ObjectShape {
  const before = known.get(type)
  if (before) return before
  const fields = membersOf(type)
  const marks = markedTypes().get(type)
  const members = new Map<string, Shape>()
  const shape: ObjectShape = {
    is: 'object',
    atomic: marks?.has('!') ?? false,
    member: (name) => {
      const made = members.get(name)
      if (made) return made
      const kind = fields.get(name)
      if (kind === undefined) return untypedOr(isRoot, name)
      const member = shapeOf(kind, marks?.get(name))
      members.set(name, member)
      return member
    },
    isNamed: (name) => fields.has(name) || (isRoot && ['apiVersion', 'kind'].includes(name)),
  }
  known.set(type, shape)
  return shape
}

function untypedOr(isRoot: boolean, name: string): Shape {
  return isRoot && ['apiVersion', 'kind'].includes(name) ? scalar : untyped
}

/** The fields of a struct by their names, those of inlined structs among them. */
function membersOf(type: string): ReadonlyMap<string, FieldKind> {
  const members = new Map<string, FieldKind>()
  for (const { name, kind, isInline } of fieldsOf(type)?.values() ?? ([] as Field[])) {
    if (!isInline || kind.is !== 'message') members.set(name, kind)
    else for (const [inner, of] of membersOf(kind.type)) members.set(inner, of)
  }
  return members
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
  return { is: 'list', relation, item, keys: mark?.split(',') ?? [], keyDefaults }
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
