import type { Json } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type FieldPath, type FieldSet, setOfPaths } from './field-set.ts'
import { childrenOf, type Parts, partsOf, type Shape } from './shape.ts'

/** Which fields came, went, and changed between two values. */
export interface Comparison {
  readonly added: FieldSet
  readonly removed: FieldSet
  readonly modified: FieldSet
}

interface Paths {
  readonly added: FieldPath[]
  readonly removed: FieldPath[]
  readonly modified: FieldPath[]
}

export function compare(before: Json, after: Json, shape: Shape): Comparison {
  const paths: Paths = { added: [], removed: [], modified: [] }
  walk({ before, after, shape, path: [] }, paths)
  return {
    added: setOfPaths(paths.added),
    removed: setOfPaths(paths.removed),
    modified: setOfPaths(paths.modified),
  }
}

interface Pair {
  readonly before: Json | undefined
  readonly after: Json | undefined
  readonly shape: Shape
  readonly path: FieldPath
}

function walk(pair: Pair, paths: Paths): void {
  const { before, after, shape, path } = pair
  const old = partsOf(before, shape)
  const young = partsOf(after, shape)
  const isOneSided = before === undefined || after === undefined
  if (!isOneSided && (old === undefined) !== (young === undefined)) {
    paths.modified.push(path)
    walkParts(old, young, path, paths)
  } else if (isEmpty(old) && isEmpty(young)) compareWhole(pair, paths)
  else {
    walkParts(old, young, path, paths)
    if (before === undefined) paths.added.push(path)
    else if (after === undefined) paths.removed.push(path)
  }
}

/** What is owned as a whole counts as empty, and so is compared as a whole. */
function isEmpty(parts: Parts | undefined): boolean {
  return parts === undefined || Object.keys(parts.value).length === 0
}

function compareWhole({ before, after, path }: Pair, paths: Paths): void {
  if (before === undefined) paths.added.push(path)
  else if (after === undefined) paths.removed.push(path)
  else if (!equalJson(before, after)) paths.modified.push(path)
}

function walkParts(
  old: Parts | undefined,
  young: Parts | undefined,
  path: FieldPath,
  paths: Paths,
): void {
  const [left, right] = [childrenOf(old), childrenOf(young)]
  for (const step of new Set([...left.keys(), ...right.keys()])) {
    const [before, after] = [left.get(step), right.get(step)]
    const shape = after?.shape ?? before?.shape
    if (shape === undefined) continue
    walk({ before: before?.value, after: after?.value, shape, path: [...path, step] }, paths)
  }
}
