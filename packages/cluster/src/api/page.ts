import type { KubeObject } from '@argosy/engine'
import { type List, type ListQuery, StatusError } from '@argosy/kube'
import type { ObjectVersion } from '../store/object-version.ts'

/** Where a list was interrupted. */
interface Position {
  readonly revision: number
  readonly namespace: string
  readonly name: string
}

/**
 * One page of ordered versions. Later pages are cut from what is true then, but keep the first page's resourceVersion:
 * a watch from there repeats some changes and misses none.
 */
export function page<T extends KubeObject>(
  versions: readonly ObjectVersion[],
  query: ListQuery,
  revision: number,
): List<T> & { readonly remaining?: number } {
  const position = query.continue ? decode(query.continue) : undefined
  const rest = position ? versions.filter((version) => isAfter(version, position)) : versions
  const limit = query.limit && query.limit > 0 ? query.limit : rest.length
  const shown = rest.slice(0, limit)
  const items = shown.map((version) => version.value as T)
  const first = position?.revision ?? revision
  const last = shown.at(-1)
  if (!last || rest.length <= limit) return { items, resourceVersion: String(first) }
  const next = encode({ revision: first, namespace: last.namespace, name: last.name })
  const remaining = rest.length - shown.length
  return { items, resourceVersion: String(first), continue: next, remaining }
}

function isAfter(version: ObjectVersion, { namespace, name }: Position): boolean {
  return version.namespace > namespace || (version.namespace === namespace && version.name > name)
}

function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

function decode(token: string): Position {
  try {
    const found = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Position>
    const { revision, namespace, name } = found
    if (typeof revision === 'number' && typeof namespace === 'string' && typeof name === 'string') {
      return { revision, namespace, name }
    }
  } catch (cause) {
    throw new StatusError('BadRequest', 'continue key is not valid', { cause })
  }
  throw new StatusError('BadRequest', 'continue key is not valid')
}
