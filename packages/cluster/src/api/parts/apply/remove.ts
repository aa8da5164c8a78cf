import type { Json, JsonObject } from '@argosy/engine'
import type { FieldSet, Step } from './field-set.ts'
import { childrenOf, type Parts, partsOf, type Shape, stepOf } from './shape.ts'

/** A value without the fields of a set. What loses all it held, and is not in the set itself, stays and is empty. */
export function remove(value: Json, fields: FieldSet, shape: Shape): Json {
  const parts = partsOf(value, shape)
  if (parts === undefined) return value
  return parts.is === 'object' ? keptMembers(parts, fields) : keptItems(parts, fields)
}

function keptMembers(parts: Parts, fields: FieldSet): JsonObject {
  const kept = [...childrenOf(parts)].flatMap(([step, { value, shape }]) =>
    withoutFields({ value, step, shape }, fields).map((left) => [step.slice(2), left] as const),
  )
  return Object.fromEntries(kept)
}

function keptItems(parts: Extract<Parts, { is: 'list' }>, fields: FieldSet): readonly Json[] {
  return parts.value.flatMap((value, index) => {
    const step = stepOf(value, parts.shape, index)
    return withoutFields({ value, step, shape: parts.shape.item }, fields)
  })
}

interface Part {
  readonly value: Json
  readonly step: Step
  readonly shape: Shape
}

/** What is left of a part, in a list that is empty when nothing is. */
function withoutFields({ value, step, shape }: Part, fields: FieldSet): readonly Json[] {
  const node = fields.children.get(step)
  if (node === undefined) return [value]
  return node.self ? [] : [remove(value, node, shape)]
}
