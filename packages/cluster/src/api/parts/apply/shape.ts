import { isObject, type Json, type JsonObject } from '@argosy/engine'
import type { Step } from './field-set.ts'

/** How the parts of a value are owned: each for itself, or the value as a whole. */
export type Shape =
  | { readonly is: 'scalar' }
  /** Nobody knows: objects are owned by their members, everything else as a whole. */
  | { readonly is: 'untyped' }
  | ObjectShape
  | ListShape

export interface ObjectShape {
  readonly is: 'object'
  /** Owned as a whole. */
  readonly atomic: boolean
  member(name: string): Shape
  /** A field that the type has; the others are keys of a map. */
  isNamed(name: string): boolean
  /** Whether there can be a member of this name; absent where any can be. */
  readonly knows?: (name: string) => boolean
  /** Fields that are there even when nobody has set them, and what they are then. */
  readonly unset?: JsonObject
}

export interface ListShape {
  readonly is: 'list'
  readonly relation: 'atomic' | 'set' | 'map'
  readonly item: Shape
  readonly keys: readonly string[]
  /** What a key is taken for when an item does not say. */
  readonly keyDefaults: JsonObject
}

export const scalar: Shape = { is: 'scalar' }
export const untyped: Shape = { is: 'untyped' }

const untypedObject: ObjectShape = {
  is: 'object',
  atomic: false,
  member: () => untyped,
  isNamed: () => false,
}

/** A value whose parts are owned each for itself. */
export type Parts =
  | { readonly is: 'object'; readonly value: JsonObject; readonly shape: ObjectShape }
  | { readonly is: 'list'; readonly value: readonly Json[]; readonly shape: ListShape }

/** A value by its parts; `undefined` when it is owned as a whole. */
export function partsOf(value: Json | undefined, shape: Shape): Parts | undefined {
  if (isObject(value)) {
    const object = shape.is === 'untyped' ? untypedObject : shape
    return object.is === 'object' && !object.atomic
      ? { is: 'object', value, shape: object }
      : undefined
  }
  if (!Array.isArray(value) || shape.is !== 'list' || shape.relation === 'atomic') return undefined
  return { is: 'list', value: value as readonly Json[], shape }
}

export interface Child {
  readonly value: Json
  readonly shape: Shape
}

const nobody: ReadonlyMap<Step, Child> = new Map()

/** The parts of a value by their steps. Items that say they are the same one count together, as a whole. */
export function childrenOf(parts: Parts | undefined): ReadonlyMap<Step, Child> {
  if (parts === undefined) return nobody
  return parts.is === 'object' ? membersOf(parts.value, parts.shape) : itemsOf(parts)
}

/** The parts of a value as its type writes it: with the fields that are always there. */
export function writtenChildrenOf(parts: Parts | undefined): ReadonlyMap<Step, Child> {
  const children = childrenOf(parts)
  if (parts?.is !== 'object' || parts.shape.unset === undefined) return children
  const written = new Map(children)
  for (const [name, value] of Object.entries(parts.shape.unset)) {
    const step = `f:${name}`
    if (value !== undefined && !written.has(step))
      written.set(step, { value, shape: parts.shape.member(name) })
  }
  return written
}

function membersOf(value: JsonObject, shape: ObjectShape): ReadonlyMap<Step, Child> {
  const members = new Map<Step, Child>()
  for (const name of Object.keys(value)) {
    const inner = value[name]
    if (inner !== undefined) members.set(`f:${name}`, { value: inner, shape: shape.member(name) })
  }
  return members
}

function itemsOf({ value, shape }: Extract<Parts, { is: 'list' }>): ReadonlyMap<Step, Child> {
  const items = new Map<Step, Child>()
  for (const [index, item] of value.entries()) {
    const step = stepOf(item, shape, index)
    const twin = items.get(step)
    if (twin) items.set(step, { value: [twin.value, item], shape: scalar })
    else items.set(step, { value: item, shape: shape.item })
  }
  return items
}

/** Which item of a list this is. */
export function stepOf(
  item: Json,
  { relation, keys, keyDefaults }: ListShape,
  index: number,
): Step {
  if (relation === 'set') return `v:${JSON.stringify(item)}`
  if (!isObject(item)) return `i:${index}`
  const found = keys.toSorted().flatMap((key) => {
    const value = item[key] ?? keyDefaults[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  return found.length === 0 ? `i:${index}` : `k:${JSON.stringify(Object.fromEntries(found))}`
}
