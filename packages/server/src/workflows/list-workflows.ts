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
  { archive, clock }: Pick<World, 'archive' | 'clock'>,
): Promise<Reply> {
  const { params, query, caller, signal } = call
  const options = listOptionsIn(query, {
    namespace: params['namespace'] ?? '',
    now: clock.now(),
  })
  const { namespace, labelSelector } = options
  const list = await caller.client.list<Workflow>(
    {
      resource: resources.workflows,
      ...(namespace && { namespace }),
      ...(labelSelector && { labelSelector }),
    },
    signal,
  )
  const live = list.items.filter((one) => isWanted(one, options)).sort(newestFirst)
  const page = await pageOf(live, archive, options)
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(page.next !== undefined && { continue: page.next }),
    ...(options.countRemaining && {
      remainingItemCount: await remaining(live, archive, { options, shown: page.items.length }),
    }),
  }
  const items = [...page.items].sort(openFirst)
  return json(cleaner(query.get('fields') ?? '')({ metadata, items }))
}

interface Page {
  readonly items: readonly Workflow[]
  /** Where the next page begins, if there is one: an offset among what is there, or a place in the archive. */
  readonly next: string | undefined
}

async function pageOf(
  live: readonly Workflow[],
  archive: Archive | undefined,
  options: ListOptions,
): Promise<Page> {
  const { limit, offset, before } = options
  const items =
    before !== undefined ? [] : live.slice(offset, limit === 0 ? undefined : offset + limit)
  const left = before === undefined ? live.length - offset - items.length : 0
  // One more than is wanted tells whether there is more.
  const room = limit === 0 ? 0 : limit - items.length
  const archived =
    (await archive?.list({
      ...options,
      deletedOnly: true,
      limit: limit === 0 ? 0 : room + 1,
      offset: Math.max(offset - live.length, 0),
    })) ?? []
  const shown = limit === 0 ? archived : archived.slice(0, room)
  const last = shown.at(-1)
  const hasMore = limit > 0 && (left > 0 || archived.length > shown.length)
  const place = last === undefined ? offset + items.length : last.key
  return {
    items: [...items, ...shown.map(({ workflow }) => persisted(workflow))],
    next: hasMore ? String(place) : undefined,
  }
}

async function remaining(
  live: readonly Workflow[],
  archive: Archive | undefined,
  { options, shown }: { readonly options: ListOptions; readonly shown: number },
): Promise<number> {
  const archived = (await archive?.count({ ...options, deletedOnly: true })) ?? 0
  const before = options.before === undefined ? live.length - options.offset : 0
  return Math.max(before + archived - shown, 0)
}
