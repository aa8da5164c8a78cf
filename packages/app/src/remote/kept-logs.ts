import { matches, type Workflow } from '@argosy/engine'
import { ignore, resources, systemClock } from '@argosy/kube'
import type { Connection } from '@argosy/kube/remote'
import { argoApi } from './argo-api.ts'
import { argoError } from './argo-server/argo-error.ts'
import { argoKind, objectPath, withOptions } from './argo-server/argo-kinds.ts'
import { argoStream } from './argo-server/argo-stream.ts'
import type { Remote } from './connect.ts'
import type { LogsQuery, WriteLine } from './logs-query.ts'
import type { Patience } from './patience.ts'
import { ShownLines } from './shown-lines.ts'
import type { Name } from './wait-for.ts'

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

interface KeptLogs {
  readonly query: KeptLogsQuery
  readonly except?: ReadonlySet<string>
  readonly write: WriteLine
  readonly patience: Patience
}

/**
 * Lines that Argo's API has kept, also of pods and workflows that are gone; pods in `except` are passed over. What is
 * followed goes on behind what was written when the server has been away.
 */
export async function keptLogs(remote: Remote, workflow: Name, kept: KeptLogs): Promise<void> {
  using api = await argoApi(remote)
  const { query, patience } = kept
  const openedAt = systemClock.now()
  const mayBeMeant = remote.argo ? saidTwice(query) : always
  const reading = { api, workflow, mayBeMeant, shown: shownBy(query) }
  for (let isFirst = true; ; isFirst = false) {
    try {
      await readOnce(reading, isFirst ? kept : { ...kept, query: wholeOf(query, openedAt) })
      if (!query.follow || (await hasEnded(api, workflow))) return
      await patience.pause()
    } catch (error) {
      if (!query.follow) throw error
      await patience.outlast(error)
      await patience.until(() => hasEnded(api, workflow))
    }
  }
}

interface Reading {
  readonly api: Connection
  readonly workflow: Name
  readonly mayBeMeant: (content: string) => boolean
  /** Of each pod, or of each of its containers. */
  readonly shown: (whose: string) => ShownLines
}

function shownBy({ tailLines, sinceSeconds }: KeptLogsQuery): Reading['shown'] {
  const all = new Map<string, ShownLines>()
  return (whose) => {
    const known =
      all.get(whose) ?? new ShownLines(tailLines === undefined && sinceSeconds === undefined)
    all.set(whose, known)
    return known
  }
}

/** All there is from where the first reading began. */
function wholeOf(
  { tailLines, sinceSeconds, ...query }: KeptLogsQuery,
  openedAt: number,
): KeptLogsQuery {
  return {
    ...query,
    ...(tailLines === 0 && { tailLines }),
    ...(sinceSeconds !== undefined && {
      sinceTime: new Date(openedAt - sinceSeconds * 1000).toISOString(),
    }),
  }
}

/** One reading: what an earlier one has written is passed over. */
async function readOnce(
  { api, workflow, shown, mayBeMeant }: Reading,
  { query, except, write }: KeptLogs,
): Promise<void> {
  const never = new AbortController().signal
  const path = withOptions(`${pathOf(workflow)}/log`, optionsOf(query))
  const again = new Map<string, (line: string) => boolean>()
  for await (const entry of argoStream<Entry>(api, path, never)) {
    const { content = '', podName: pod = '', container } = entry
    if (except?.has(pod) || !mayBeMeant(content)) continue
    const whose = container === undefined ? pod : `${pod} ${container}`
    const known = shown(whose)
    if (!again.has(whose)) again.set(whose, known.again())
    // What is stamped when it is read has another stamp the next time.
    const line = query.timestamps ? afterStamp(content) : content
    if (again.get(whose)?.(line)) continue
    known.add(line)
    write(whose, content)
  }
}

const pathOf = ({ namespace, name }: Name) =>
  objectPath(argoKind(resources.workflows), namespace, name)

/** One that is deleted, or only in the archive, has ended. */
async function hasEnded(api: Connection, workflow: Name): Promise<boolean> {
  const path = withOptions(pathOf(workflow), { fields: 'status.finishedAt' })
  const found = await api.ask<Workflow>(path).catch((error: unknown) => {
    ignore('NotFound')(argoError(error))
  })
  return !found || found.status?.finishedAt != null
}

const always = () => true

/** An Argo Server of another kind may know nothing of `grep`; to ask again is no harm. */
function saidTwice({ grep, timestamps }: KeptLogsQuery): (content: string) => boolean {
  if (!grep) return always
  return (content) => matches(grep, timestamps ? afterStamp(content) : content)
}

const afterStamp = (content: string) => content.slice(content.indexOf(' ') + 1)

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
