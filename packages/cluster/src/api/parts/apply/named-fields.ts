import type { FieldSet, Step } from './field-set.ts'
import type { Shape } from './shape.ts'

/** The set with the named fields on the way to its fields: who owns `spec.replicas` holds `spec`, but no key of a map. */
export function withNamedFields(set: FieldSet, shape: Shape): FieldSet {
  const children = new Map<Step, FieldSet>()
  for (const [step, child] of set.children) {
    const inner = withNamedFields(child, shapeAt(shape, step))
    const isNamed = shape.is === 'object' && step.startsWith('f:') && shape.isNamed(step.slice(2))
    children.set(step, {
      self: inner.self || (isNamed && inner.children.size > 0),
      children: inner.children,
    })
  }
  return { self: set.self, children }
}

function shapeAt(shape: Shape, step: Step): Shape {
  if (shape.is === 'object' && step.startsWith('f:')) return shape.member(step.slice(2))
  if (shape.is === 'list' && step.startsWith('k:')) return shape.item
  return { is: 'untyped' }
}
