import { type CacheMap, newEntry } from '../memo/cache-entry.ts'
import { type Board, type Host, isFulfilled, type Node } from './board.ts'

/** Keeps what a node gives that succeeds in this pass; the result is why that is not possible. */
export function keep({ board, template }: Host, node: Node): string | undefined {
  const { memoize } = template
  const cache = memoize?.cache?.configMap?.name
  if (memoize === undefined || cache === undefined || isFulfilled(node)) return undefined
  const { key = '' } = memoize
  const entry = { key, nodeID: node.id, outputs: node.outputs, now: board.now }
  const made = newEntry(cacheOf(board, cache), cache, entry)
  if ('problem' in made) return made.problem
  board.kept.push({ cache, key, text: made.text })
  return undefined
}

/** What anybody sees of a cache, with what this pass has put in. */
export function cacheOf({ world, kept }: Board, name: string): CacheMap | undefined {
  const map = world.cache?.(name)
  const own = kept.filter(({ cache }) => cache === name)
  if (own.length === 0) return map
  const labels = { 'workflows.argoproj.io/configmap-type': 'Cache' }
  const added = Object.fromEntries(own.map(({ key, text }) => [key, text]))
  return { labels, ...map, data: { ...map?.data, ...added } }
}
