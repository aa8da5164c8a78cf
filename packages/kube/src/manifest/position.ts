import { isAlias, isMap, isSeq } from 'yaml'
import { type AnchorLookup, isMergeKey, plainKeyText } from './to-json.ts'

/** `spec.templates[0].name` → ['spec', 'templates', 0, 'name']; a key with dots is written `labels["a.b/c"]`. */
function pathSegments(path: string): (string | number)[] {
  const segments: (string | number)[] = []
  for (const [, index, quoted, name] of path.matchAll(
    /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g,
  )) {
    if (index !== undefined) segments.push(Number(index))
    else segments.push(quoted === undefined ? (name ?? '') : quoted.replaceAll(/\\(.)/g, '$1'))
  }
  return segments
}

/**
 * Where in the text a path points: at the key of a field, at the first character of a list item.
 * A path that is not there is where its nearest existing ancestor is.
 */
export function offsetOf(root: unknown, path: string, anchorOf: AnchorLookup): number {
  let offset = startOf(root) ?? 0
  let node = root
  for (const segment of pathSegments(path)) {
    const next = step(isAlias(node) ? anchorOf(node) : node, segment, anchorOf)
    if (!next) return offset
    offset = startOf(next.at) ?? offset
    node = next.value
  }
  return offset
}

interface Step {
  readonly at: unknown
  readonly value: unknown
}

function step(node: unknown, segment: string | number, anchorOf: AnchorLookup): Step | undefined {
  if (isSeq(node)) {
    const item = typeof segment === 'number' ? node.items[segment] : undefined
    return item === undefined ? undefined : { at: item, value: item }
  }
  return isMap(node) ? field(node.items, String(segment), anchorOf) : undefined
}

/** The last pair of that name counts; what a merge brings is where the merge is written. */
function field(
  pairs: readonly { key: unknown; value: unknown }[],
  name: string,
  anchorOf: AnchorLookup,
): Step | undefined {
  let merged: Step | undefined
  for (const pair of pairs.toReversed()) {
    if (isMergeKey(pair as Parameters<typeof isMergeKey>[0])) {
      const inside = mergedMaps(pair.value, anchorOf).map((map) => step(map, name, anchorOf))
      const found = inside.find((item) => item !== undefined)
      if (found) merged ??= { at: pair.key, value: found.value }
    } else if (plainKeyText(pair.key, anchorOf) === name) {
      return { at: pair.key, value: pair.value }
    }
  }
  return merged
}

function mergedMaps(value: unknown, anchorOf: AnchorLookup): unknown[] {
  const sources = isSeq(value) ? value.items : [value]
  return sources.map((source) => (isAlias(source) ? anchorOf(source) : source))
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null)?.range?.[0]
}
