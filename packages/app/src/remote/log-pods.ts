import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Remote } from './connect.ts'
import type { LogsQuery } from './logs-query.ts'
import type { Name } from './wait-for.ts'

/** The workflow's pods that have started, in that order. */
export async function podsOf(
  { client }: Remote,
  workflow: Name,
  query: Pick<LogsQuery, 'pod' | 'selector'>,
): Promise<readonly Pod[]> {
  const { items } = await client.list<Pod>(podQuery(workflow, query))
  return items.filter(hasStarted).sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
}

export function podQuery(
  { namespace, name }: Name,
  { pod, selector }: Pick<LogsQuery, 'pod' | 'selector'>,
) {
  const own = `workflows.argoproj.io/workflow=${name}`
  return {
    ...{ resource: resources.pods, namespace },
    labelSelector: selector ? `${own},${selector}` : own,
    ...(pod && { fieldSelector: `metadata.name=${pod}` }),
  }
}

export function hasStarted({ status }: Pod): boolean {
  return status?.phase !== undefined && status.phase !== 'Pending'
}

export function startOf({ status }: Pod): string {
  return status?.startTime ?? ''
}
