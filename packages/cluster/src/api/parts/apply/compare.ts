import type { Json } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type FieldSet, noFields, type Step } from './field-set.ts'
import { type Child, type Parts, partsOf, type Shape, writtenChildrenOf } from './shape.ts'

/** Which fields came, went, and changed between two values. */
export interface Comparison {
  readonly added: FieldSet
  readonly removed: FieldSet
  readonly modified: FieldSet
}

const sides = ['added', 'removed', 'modified'] as const

const same: Comparison = { added: noFields, removed: noFields, modified: noFields }
const itself: FieldSet = { self: true, children: new Map() }
const changedWhole: Comparison = { ...same, modified: itself }

export function compare(before: Json, after: Json, shape: Shape): Comparison {
  // What nobody has touched is the same object.
  if (before === after) return same
  const old = partsOf(before, shape)
  const young = partsOf(after, shape)
  if ((old === undefined) !== (young === undefined)) {
    return { ...compareParts(old, young), modified: itself }
  }
  if (!isEmpty(old) || !isEmpty(young)) return compareParts(old, young)
  return equalJson(before, after) ? same : changedWhole
}

/** What is owned as a whole counts as empty, and so is compared as a whole. */
function isEmpty(parts: Parts | undefined): boolean {
  return parts === undefined || Object.keys(parts.value).length === 0
}

function compareParts(old: Parts | undefined, young: Parts | undefined): Comparison {
  const [left, right] = [writtenChildrenOf(old), writtenChildrenOf(young)]
  const found = new Found()
  for (const [step, before] of left) {
    const after = right.get(step)
    if (after === undefined) found.put('removed', step, allOf(before))
    else found.putAll(step, compare(before.value, after.value, after.shape))
  }
  for (const [step, after] of right) {
    if (!left.has(step)) found.put('added', step, allOf(after))
  }
  return found
}

/** The field and all in it. */
function allOf({ value, shape }: Child): FieldSet {
  const parts = partsOf(value, shape)
  if (parts === undefined) return itself
  const children = new Map<Step, FieldSet>()
  for (const [step, child] of writtenChildrenOf(parts)) children.set(step, allOf(child))
  return { self: true, children }
}

/** Most comparisons find little: a set is made when its first member is found. */
class Found implements Comparison {
  added = noFields
  removed = noFields
  modified = noFields

  put(side: keyof Comparison, step: Step, fields: FieldSet): void {
    const known = this[side].children
    // What is not `noFields` was made here.
    if (known !== noFields.children) (known as Map<Step, FieldSet>).set(step, fields)
    else this[side] = { self: false, children: new Map([[step, fields]]) }
  }

  putAll(step: Step, inner: Comparison): void {
    for (const side of sides) {
      if (inner[side] !== noFields) this.put(side, step, inner[side])
    }
  }
}
