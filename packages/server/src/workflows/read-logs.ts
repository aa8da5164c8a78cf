import type { Pod, Workflow } from '@argosy/engine'
import { type Client, type Clock, resources, StatusError } from '@argosy/kube'
import { Channel } from './channel.ts'
import { logLines } from './log-lines.ts'
import type { LogOptions } from './log-options.ts'
import type { PodLogs } from './pod-logs.ts'

/** argo: LogEntry. */
export interface LogEntry {
  readonly content: string
  readonly podName: string
}

export interface LogSource {
  readonly client: Client
  readonly logs: PodLogs
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** The lines of a workflow's pods, one pod after the other as they started. argo: logs.WorkflowLogs. */
export async function* recentLogs(
  workflow: Workflow,
  options: LogOptions,
  source: LogSource,
): AsyncGenerator<LogEntry> {
  for (const pod of await podsOf(workflow, options, source)) yield* ofPod(pod, options, source)
}

/** The lines as they are written, also those of pods that come later, until the workflow has ended. */
export async function* followedLogs(
  workflow: Workflow,
  options: LogOptions,
  source: LogSource,
): AsyncGenerator<LogEntry> {
  const channel = new Channel<LogEntry>()
  const left = new AbortController()
  const signal = AbortSignal.any([left.signal, source.signal])
  const inside = { ...source, signal }
  const reading = new Map<string, Promise<void>>()
  const read = (pod: Pod) => {
    const { uid = '' } = pod.metadata
    if (pod.status?.phase === 'Pending' || reading.has(uid)) return
    reading.set(uid, pump(ofPod(pod, options, inside), channel))
  }
  const run = async () => {
    const ended = new AbortController()
    const watching = eachPod(workflow, options, {
      source: { ...inside, signal: AbortSignal.any([signal, ended.signal]) },
      read,
    })
    await untilEnded(workflow, inside)
    ended.abort()
    await watching
    // The last pods may have come together with the end.
    if (!signal.aborted) for (const pod of await podsOf(workflow, options, inside)) read(pod)
    await Promise.all(reading.values())
  }
  const all = run().finally(() => channel.close())
  try {
    yield* channel.read()
  } finally {
    left.abort()
    channel.close()
    await all.catch(() => undefined)
  }
  await all
}

async function pump(entries: AsyncIterable<LogEntry>, channel: Channel<LogEntry>): Promise<void> {
  for await (const entry of entries) await channel.push(entry)
}

async function* ofPod(
  pod: Pod,
  options: LogOptions,
  { logs, clock, signal }: LogSource,
): AsyncGenerator<LogEntry> {
  const { name: podName = '' } = pod.metadata
  if (pod.status?.phase === 'Pending' || endOf(pod) < (options.since ?? 0)) return
  try {
    for await (const line of logLines(logs.read(options.queryOf(pod), signal))) {
      if (!options.wants(line)) continue
      const at = new Date(Math.min(clock.now(), endOf(pod))).toISOString()
      yield { content: options.timestamps ? `${at} ${line}` : line, podName }
    }
  } catch (error) {
    // One that never wrote has nothing to say; the others have.
    if (!(error instanceof StatusError) || error.reason !== 'BadRequest') throw error
  }
}

function endOf({ status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(
    ({ state }) => state?.terminated?.finishedAt ?? '',
  )
  if (ends.length === 0 || ends.includes('')) return Number.POSITIVE_INFINITY
  return Math.max(...ends.map((text) => Date.parse(text)))
}

function podQuery({ metadata }: Workflow, { podName, selector }: LogOptions) {
  const { namespace = '', name = '' } = metadata
  const own = `workflows.argoproj.io/workflow=${name}`
  return {
    resource: resources.pods,
    namespace,
    labelSelector: selector === '' ? own : `${own},${selector}`,
    ...(podName && { fieldSelector: `metadata.name=${podName}` }),
  }
}

async function podsOf(
  workflow: Workflow,
  options: LogOptions,
  { client, signal }: LogSource,
): Promise<readonly Pod[]> {
  const { items } = await client.list<Pod>(podQuery(workflow, options), signal)
  return items.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : Number(startOf(a) > startOf(b))))
}

const startOf = ({ status, metadata }: Pod) => status?.startTime ?? metadata.creationTimestamp ?? ''

async function eachPod(
  workflow: Workflow,
  options: LogOptions,
  { source, read }: { readonly source: LogSource; readonly read: (pod: Pod) => void },
): Promise<void> {
  for await (const batch of source.client.watch<Pod>(podQuery(workflow, options), source.signal)) {
    for (const { type, object } of batch) if (type !== 'BOOKMARK') read(object)
  }
}

async function untilEnded({ metadata }: Workflow, { client, signal }: LogSource): Promise<void> {
  const { namespace = '', name = '', uid } = metadata
  const query = {
    resource: resources.workflows,
    namespace,
    fieldSelector: `metadata.name=${name}`,
  }
  for await (const batch of client.watch<Workflow>(query, signal)) {
    const own = batch.filter(({ object }) => object.metadata.uid === uid)
    const isOver = own.some(({ type, object }) => type === 'DELETED' || hasEnded(object))
    if (isOver) return
  }
}

const hasEnded = ({ status }: Workflow) =>
  ['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '')
