import type { Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Remote } from './connect.ts'
import { type Filter, inListOrder, understandFilter } from './filter.ts'

/** The workflows that the flags mean, in upstream's order; of all namespaces when `everywhere`. */
export async function listWorkflows(
  { client, namespace }: Remote,
  filter: Filter,
  { now, everywhere = false, chunk = 0 }: ListScope,
): Promise<readonly Workflow[]> {
  const { labelSelector, fieldSelector, keep } = understandFilter(filter, now)
  const found: Workflow[] = []
  let next: string | undefined
  do {
    const page = await client.list<Workflow>({
      resource: resources.workflows,
      ...(!everywhere && { namespace }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
      ...(chunk > 0 && { limit: chunk }),
      ...(next !== undefined && { continue: next }),
    })
    found.push(...page.items.filter(keep))
    next = page.continue
  } while (next !== undefined)
  return inListOrder(found)
}

interface ListScope {
  readonly now: number
  readonly everywhere?: boolean
  readonly chunk?: number
}
