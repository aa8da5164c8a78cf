import type { NodeType } from '../../spec/status.ts'
import type { Memoize } from '../../spec/synchronization.ts'
import type { Template } from '../../spec/workflow.ts'
import { findEntry } from '../memo/cache-entry.ts'
import type { Host } from './board.ts'
import { addTyped } from './leaf.ts'
import { cacheOf } from './memo.ts'

/** Looks a node up that is about to begin: true when nothing of it need run, a text when that cannot be told. */
export function recall(host: Host, { key = '', ...memoize }: Memoize): boolean | string {
  const { board } = host
  const cache = memoize.cache?.configMap?.name ?? ''
  if (cache === '') return 'memoize.cache.configMap.name is missing: there is no cache to look into'
  const found = findEntry(cacheOf(board, cache), { key, ...memoize }, board.now)
  if (found.kind === 'problem') return found.problem
  if (found.kind === 'entry') board.kept.push({ cache, key, text: found.text })
  if (found.kind === 'none' || !found.hit) return false
  const node = board.named(host.nodeName) ?? addTyped(host, typeOf(host), 'Pending')
  board.put(node, 'memoizationStatus', { hit: true, key, cacheName: cache })
  board.put(node, 'outputs', undefined)
  board.setOutputs(node, found.outputs)
  board.mark(node, 'Succeeded')
  return true
}

const types: readonly (readonly [keyof Template, NodeType])[] = [
  ['steps', 'Steps'],
  ['dag', 'DAG'],
  ['suspend', 'Suspend'],
  ['http', 'HTTP'],
  ['plugin', 'Plugin'],
]

/** The type that the node of a template has before anything of it has begun. */
export function typeOf({ board, template }: Host): NodeType {
  if ((template.retryStrategy ?? board.spec.retryStrategy) !== undefined) return 'Retry'
  return types.find(([field]) => template[field] !== undefined)?.[1] ?? 'Pod'
}
