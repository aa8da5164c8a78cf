import { createInterface } from 'node:readline'

import { type Pod, podName, type Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { argoApi } from './argo-api.ts'
import type { Remote } from './connect.ts'
import type { Name } from './wait-for.ts'
import type { LogsQuery, WriteLine } from './workflow-logs.ts'

/** What Argo's API is asked beyond what Kubernetes' can give. */
export interface KeptLogsQuery extends LogsQuery {
  readonly allContainers: boolean
  readonly allAttempts: boolean
}

interface Entry {
  readonly content?: string
  readonly podName?: string
  readonly container?: string
}

/** Lines that Argo's API has kept, also of pods and workflows that are gone; pods in `except` are passed over. */
export async function keptLogs(
  remote: Remote,
  { namespace, name }: Name,
  {
    query,
    except,
    write,
  }: {
    readonly query: KeptLogsQuery
    readonly except: ReadonlySet<string>
    readonly write: WriteLine
  },
): Promise<void> {
  using api = await argoApi(remote)
  const path = `/api/v1/workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/log`
  const response = await api.open(`${path}?${asked(query)}`)
  for await (const line of createInterface({ input: response })) {
    const { result, error } = JSON.parse(line) as {
      readonly result?: Entry
      readonly error?: { readonly message?: string }
    }
    if (error) throw new Error(error.message ?? 'the logs broke off')
    const { content = '', podName: pod = '', container } = result ?? {}
    if (except.has(pod) || !(query.grep?.test(content) ?? true)) continue
    write(container === undefined ? pod : `${pod} ${container}`, content)
  }
}

function asked(query: KeptLogsQuery): URLSearchParams {
  const { container, allContainers, allAttempts, follow, previous, timestamps } = query
  const { pod, selector, sinceSeconds, sinceTime, tailLines } = query
  const options = {
    container: allContainers ? '*' : container,
    ...(allAttempts && { allAttempts: 'true' }),
    ...(follow && { follow: 'true' }),
    ...(previous && { previous: 'true' }),
    ...(timestamps && { timestamps: 'true' }),
    ...(sinceSeconds !== undefined && { sinceSeconds: String(sinceSeconds) }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
  }
  return new URLSearchParams([
    ...Object.entries(options).map(([key, value]) => [`logOptions.${key}`, value]),
    ...(pod === undefined ? [] : [['podName', pod]]),
    ...(selector === undefined ? [] : [['selector', selector]]),
  ])
}

/** The workflow's pods that are there, and whether it has had others. */
export async function podsThere(
  { client }: Remote,
  { metadata, status }: Workflow,
): Promise<{ readonly there: ReadonlySet<string>; readonly areSomeGone: boolean }> {
  const { namespace = '', name = '' } = metadata
  const labelSelector = `workflows.argoproj.io/workflow=${name}`
  const { items } = await client.list<Pod>({ resource: resources.pods, namespace, labelSelector })
  const there = new Set(items.map((pod) => pod.metadata.name ?? ''))
  const ran = Object.values(status?.nodes ?? {}).filter(
    ({ type, phase }) => type === 'Pod' && phase !== 'Pending',
  )
  const areSomeGone = ran.some(({ id, name: node, templateName, templateRef }) => {
    const pod = podName(name, node, templateRef?.template || templateName)
    return !there.has(pod) && !there.has(id)
  })
  return { there, areSomeGone }
}
