import type { Json } from '@argosy/engine'
import { type FieldPath, type FieldSet, setOfPaths } from './field-set.ts'
import { childrenOf, partsOf, type Shape } from './shape.ts'

/** The fields that a value says something of. */
export function setOf(value: Json, shape: Shape): FieldSet {
  const paths: FieldPath[] = []
  collect(value, shape, [], paths)
  return setOfPaths(paths)
}

function collect(value: Json, shape: Shape, path: FieldPath, paths: FieldPath[]): void {
  const parts = partsOf(value, shape)
  if (parts === undefined) {
    paths.push(path)
    return
  }
  for (const [step, child] of childrenOf(parts)) {
    const here = [...path, step]
    collect(child.value, child.shape, here, paths)
    const isField = parts.is === 'object' && parts.shape.isNamed(step.slice(2))
    if (!isField || isNothing(child.value)) paths.push(here)
  }
}

function isNothing(value: Json): boolean {
  if (value === null) return true
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0
}
