import type { Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { cleaner } from '../http/fields.ts'
import { json, type Reply } from '../http/reply.ts'
import { isWanted, listOptionsIn } from './list-options.ts'

/** `GET /api/v1/workflows/{namespace}` */
export async function listWorkflows({ params, query, caller, signal }: Call): Promise<Reply> {
  const options = listOptionsIn(query, params['namespace'] ?? '')
  const { namespace, labelSelector, offset, limit, countRemaining } = options
  const list = await caller.client.list<Workflow>(
    {
      resource: resources.workflows,
      ...(namespace && { namespace }),
      ...(labelSelector && { labelSelector }),
    },
    signal,
  )
  const wanted = list.items.filter((one) => isWanted(one, options)).sort(newestFirst)
  const items = wanted.slice(offset, limit === 0 ? undefined : offset + limit)
  const remaining = Math.max(wanted.length - offset - items.length, 0)
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(remaining > 0 && { continue: String(offset + items.length) }),
    ...(countRemaining && { remainingItemCount: remaining }),
  }
  return json(cleaner(query.get('fields') ?? '')({ metadata, items: items.sort(openFirst) }))
}

/** Which page something is on: by when it started, or was created. */
function newestFirst(a: Workflow, b: Workflow): number {
  const at = ({ status, metadata }: Workflow) =>
    status?.startedAt || metadata.creationTimestamp || ''
  return compare(at(b), at(a)) || compare(a.metadata.name ?? '', b.metadata.name ?? '')
}

/** The order within a page. argo: Workflows.Less. */
function openFirst(a: Workflow, b: Workflow): number {
  const [aEnd, bEnd] = [a.status?.finishedAt || '', b.status?.finishedAt || '']
  if (aEnd !== '' && bEnd !== '') return compare(bEnd, aEnd)
  if (aEnd !== '' || bEnd !== '') return aEnd === '' ? -1 : 1
  return compare(b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? '')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
