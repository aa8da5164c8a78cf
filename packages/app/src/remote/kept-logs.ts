import { matches, type Pod, podName, type Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { argoApi } from './argo-api.ts'
import { argoKind, objectPath, withOptions } from './argo-server/argo-kinds.ts'
import { argoStream } from './argo-server/argo-stream.ts'
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
    readonly except?: ReadonlySet<string>
    readonly write: WriteLine
  },
): Promise<void> {
  using api = await argoApi(remote)
  const never = new AbortController().signal
  const path = `${objectPath(argoKind(resources.workflows), namespace, name)}/log`
  const mayBeMeant = remote.argo ? saidTwice(query) : always
  for await (const entry of argoStream<Entry>(api, withOptions(path, optionsOf(query)), never)) {
    const { content = '', podName: pod = '', container } = entry
    if (except?.has(pod) || !mayBeMeant(content)) continue
    write(container === undefined ? pod : `${pod} ${container}`, content)
  }
}

const always = () => true

/** An Argo Server of another kind may know nothing of `grep`; to ask again is no harm. */
function saidTwice({ grep, timestamps }: KeptLogsQuery): (content: string) => boolean {
  if (!grep) return always
  return (content) => matches(grep, timestamps ? content.slice(content.indexOf(' ') + 1) : content)
}

function optionsOf(query: KeptLogsQuery): Parameters<typeof withOptions>[1] {
  return {
    'logOptions.container': query.allContainers ? '*' : query.container,
    'logOptions.allAttempts': query.allAttempts,
    'logOptions.follow': query.follow,
    'logOptions.previous': query.previous,
    'logOptions.timestamps': query.timestamps,
    'logOptions.sinceSeconds': query.sinceSeconds,
    'logOptions.sinceTime': query.sinceTime,
    'logOptions.tailLines': query.tailLines,
    podName: query.pod,
    grep: query.grep?.source,
    selector: query.selector,
  }
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
