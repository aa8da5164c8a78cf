import { isObject, type Json } from '@argosy/engine'

/** What is left of a value that was asked for in part. */
export type Cleaner = (value: unknown) => unknown

/**
 * Reads the `fields` of a request: paths with dots, separated by commas; with `-` before the first all but these.
 * Lists have no step of their own. argo: util/fields.
 */
export function cleaner(text: string, withoutPrefix = ''): Cleaner {
  if (text === '') return (value) => value
  const exclude = text.startsWith('-')
  const tree: Tree = new Map()
  for (const path of (exclude ? text.slice(1) : text).split(',')) {
    const own = path.startsWith(withoutPrefix) ? path.slice(withoutPrefix.length) : path
    let at = tree
    for (const name of own.split('.')) {
      const below: Tree = at.get(name) ?? new Map()
      at.set(name, below)
      at = below
    }
  }
  const clean = exclude ? without : only
  return (value) => clean(value as Json, tree)
}

interface Tree extends Map<string, Tree> {}

function only(value: Json, tree: Tree): Json {
  if (Array.isArray(value)) return value.map((one) => only(one, tree))
  if (tree.size === 0 || !isObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [name, below] of tree) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined
    if (own !== undefined) kept[name] = only(own, below)
  }
  return kept
}

function without(value: Json, tree: Tree): Json {
  if (Array.isArray(value)) return value.map((one) => without(one, tree))
  if (!isObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [name, own] of Object.entries(value)) {
    const below = tree.get(name)
    if (below === undefined) kept[name] = own as Json
    else if (below.size > 0) kept[name] = without(own as Json, below)
  }
  return kept
}
