import type { KubeObject } from '@argosy/engine'
import type { List, ListQuery } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { cleaner } from '../http/fields.ts'
import { wholeIn } from '../http/query.ts'
import { json, type Reply } from '../http/reply.ts'
import type { StoredKind } from './stored-kind.ts'

/** `GET` of all of a kind, by name; with a `namePattern` only those that have it in their names. */
export async function listStored(
  call: Call,
  { resource }: Pick<StoredKind, 'resource'>,
): Promise<Reply> {
  const { caller, params, query, signal } = call
  const text = (name: string) => query.get(name) ?? ''
  const namespace = params['namespace'] ?? ''
  const pattern = text('namePattern')
  const position = text('listOptions.continue')
  const limit = wholeIn(query, 'listOptions.limit') ?? 0
  const labelSelector = text('listOptions.labelSelector')
  const fieldSelector = text('listOptions.fieldSelector')
  const wanted: ListQuery = {
    resource,
    ...(namespace && { namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
    // A pattern needs them all: its pages are cut here.
    ...(pattern === '' && limit > 0 && { limit }),
    ...(pattern === '' && position && { continue: position }),
  }
  const list = await caller.client.list<KubeObject>(wanted, signal)
  const page = pattern === '' ? list : named(list, pattern, { position, limit })
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.continue && { continue: page.continue }),
  }
  const items = page.items.toSorted((a, b) => compare(nameOf(a), nameOf(b)))
  return json(cleaner(text('fields'))({ metadata, items }))
}

/** Pages go from the newest version down; a version is where the next one begins. argo: cursorPaginationByResourceVersion. */
function named(
  list: List<KubeObject>,
  pattern: string,
  { position, limit }: { readonly position: string; readonly limit: number },
): List<KubeObject> {
  const version = ({ metadata }: KubeObject) => Number(metadata.resourceVersion ?? 0)
  const below = position === '' ? Number.POSITIVE_INFINITY : Number(position)
  const found = list.items
    .filter((one) => nameOf(one).includes(pattern) && version(one) < below)
    .sort((a, b) => version(b) - version(a))
  const items = found.slice(0, limit === 0 ? undefined : limit)
  const last = items.length < found.length ? items.at(-1) : undefined
  const { resourceVersion } = list
  return { resourceVersion, items, ...(last && { continue: String(version(last)) }) }
}

const nameOf = ({ metadata }: KubeObject) => metadata.name ?? ''
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
