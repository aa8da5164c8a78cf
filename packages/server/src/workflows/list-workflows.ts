import type { Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Archive, persisted } from '../archive/archive.ts'
import type { Call } from '../http/call.ts'
import { cleaner } from '../http/fields.ts'
import { json, type Reply } from '../http/reply.ts'
import type { World } from '../world.ts'
import { isWanted, type ListOptions, listOptionsIn } from './list-options.ts'
import { newestFirst, openFirst } from './order.ts'

/** `GET /api/v1/workflows/{namespace}`: those that are there, then those that only the archive has. */
export async function listWorkflows(
  call: Call,
  { archive }: Pick<World, 'archive'>,
): Promise<Reply> {
  const { params, query, caller, signal } = call
  const options = listOptionsIn(query, params['namespace'] ?? '')
  const { namespace, labelSelector, offset, countRemaining } = options
  const list = await caller.client.list<Workflow>(
    {
      resource: resources.workflows,
      ...(namespace && { namespace }),
      ...(labelSelector && { labelSelector }),
    },
    signal,
  )
  const live = list.items.filter((one) => isWanted(one, options)).sort(newestFirst)
  const { items, hasMore } = pageOf(live, archive, options)
  const total = () => live.length + (archive?.count({ ...options, deletedOnly: true }) ?? 0)
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(hasMore && { continue: String(offset + items.length) }),
    ...(countRemaining && { remainingItemCount: Math.max(total() - offset - items.length, 0) }),
  }
  return json(cleaner(query.get('fields') ?? '')({ metadata, items: items.sort(openFirst) }))
}

function pageOf(
  live: readonly Workflow[],
  archive: Archive | undefined,
  options: ListOptions,
): { readonly items: Workflow[]; readonly hasMore: boolean } {
  const { limit, offset } = options
  const end = limit === 0 ? Number.POSITIVE_INFINITY : offset + limit
  const items = live.slice(offset, end)
  // One more than is wanted tells whether there is more.
  const room = limit === 0 ? 0 : limit - items.length + 1
  const archived =
    archive?.list({
      ...options,
      deletedOnly: true,
      limit: room,
      offset: Math.max(offset - live.length, 0),
    }) ?? []
  const all = [...items, ...archived.map(persisted)]
  const hasMore = limit > 0 && (all.length > limit || live.length > end)
  return { items: limit === 0 ? all : all.slice(0, limit), hasMore }
}
