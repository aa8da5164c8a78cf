import type { Pod, Workflow } from '@argosy/engine'
import { type Client, type Clock, resources, StatusError } from '@argosy/kube'
import { gathered } from './gathered.ts'
import { logLines } from './log-lines.ts'
import type { LogOptions } from './log-options.ts'
import { type LogPlace, logPlaces, placesOfPod, podQuery } from './log-places.ts'
import type { LogPart, PodLogQuery, PodLogs } from './pod-logs.ts'
import { grepLines } from './search/grep-lines.ts'
import type { LogSearch } from './search/log-search.ts'

/** argo: LogEntry. */
interface LogEntry {
  readonly content: string
  readonly podName: string
  /** Ours, where more than one of a pod's containers is asked for. */
  readonly container?: string
}

/** Those that come together. */
type Entries = readonly LogEntry[]

export interface LogSource {
  readonly client: Client
  readonly logs: PodLogs
  /** Threads that search; without them it is done here. */
  readonly search: LogSearch | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** The lines of a workflow's pods, one pod after the other as they started. argo: logs.WorkflowLogs. */
export async function* recentLogs(
  workflow: Workflow,
  options: LogOptions,
  source: LogSource,
): AsyncGenerator<Entries> {
  for (const place of await logPlaces(workflow, options, source)) {
    yield* entriesOf(place, options, source)
  }
}

/** The lines as they are written, also those of pods that come later, until the workflow has ended. */
export function followedLogs(
  workflow: Workflow,
  options: LogOptions,
  source: LogSource,
): AsyncGenerator<Entries> {
  return gathered(source.signal, async (channel, signal) => {
    const inside = { ...source, signal }
    const reading = new Map<string, Promise<void>>()
    const read = (places: readonly LogPlace[]) => {
      for (const place of places) {
        const { ref, container, attempt = '' } = place.query
        const key = `${ref.uid}/${container}/${attempt}`
        if (!reading.has(key))
          reading.set(key, begun(channel.pushAll(entriesOf(place, options, inside))))
      }
    }
    const readRest = async (last: Workflow) => {
      const known = new Set([...reading.keys()].map((key) => key.split('/')[0]))
      const places = await logPlaces(last, options, inside)
      read(places.filter(({ query }) => !known.has(query.ref.uid)))
    }
    // What was written by pods that are gone comes first.
    read(await logPlaces(workflow, options, inside))
    const ended = new AbortController()
    const watching = eachPod(workflow, options, {
      source: { ...inside, signal: AbortSignal.any([signal, ended.signal]) },
      read: async (pod) => read(await placesOfPod(pod, options, inside.logs)),
    })
    const last = (await untilEnded(workflow, inside)) ?? workflow
    ended.abort()
    await watching
    // The last pods may have come together with the end.
    if (!signal.aborted) await readRest(last)
    await Promise.all(reading.values())
  })
}

/** What goes wrong is told by whoever awaits it in the end; until then it must not end the process. */
function begun(work: Promise<void>): Promise<void> {
  work.catch(() => undefined)
  return work
}

/** What is wanted of the lines of one place. */
export async function* entriesOf(
  { query, endedAt }: LogPlace,
  options: LogOptions,
  source: LogSource,
): AsyncGenerator<Entries> {
  const { clock } = source
  if (endedAt < (options.since ?? 0)) return
  const podName = query.ref.name
  const more = options.allContainers ? { container: query.container } : {}
  try {
    for await (const lines of wantedLines(query, options, source)) {
      const at = options.timestamps
        ? `${new Date(Math.min(clock.now(), endedAt)).toISOString()} `
        : ''
      yield lines.map((line) => ({ content: `${at}${line}`, podName, ...more }))
    }
  } catch (error) {
    // One that never wrote has nothing to say; the others have.
    if (!(error instanceof StatusError) || error.reason !== 'BadRequest') throw error
  }
}

/** Many bytes are searched where that holds nobody else. */
async function* wantedLines(
  query: PodLogQuery,
  { pattern }: LogOptions,
  { logs, search, signal }: LogSource,
): AsyncGenerator<readonly string[]> {
  const read = () => logs.read(query, signal)
  if (pattern === undefined) return yield* logLines(read())
  if (query.follow || !logs.parts || !search) return yield* grepLines(read(), pattern)
  const parts = await logs.parts(query)
  const isMuch = bytesOf(parts) > fewBytes
  yield* isMuch ? search.lines(parts, pattern, signal) : grepLines(read(), pattern)
}

/** They are searched in the time that a thread takes to start. */
const fewBytes = 4 * 1024 * 1024

const bytesOf = (parts: readonly LogPart[]) =>
  parts.reduce((sum, { start, end }) => sum + end - start, 0)

async function eachPod(
  workflow: Workflow,
  options: LogOptions,
  { source, read }: { readonly source: LogSource; readonly read: (pod: Pod) => Promise<void> },
): Promise<void> {
  for await (const batch of source.client.watch<Pod>(podQuery(workflow, options), source.signal)) {
    for (const { type, object } of batch) if (type !== 'BOOKMARK') await read(object)
  }
}

/** Resolves to the workflow as it was then. */
async function untilEnded(
  { metadata }: Workflow,
  { client, signal }: LogSource,
): Promise<Workflow | undefined> {
  const { namespace = '', name = '', uid } = metadata
  const query = {
    resource: resources.workflows,
    namespace,
    fieldSelector: `metadata.name=${name}`,
  }
  for await (const batch of client.watch<Workflow>(query, signal)) {
    const own = batch.filter(({ object }) => object.metadata.uid === uid)
    const over = own.find(({ type, object }) => type === 'DELETED' || hasEnded(object))
    if (over) return over.object
  }
  return undefined
}

export const hasEnded = ({ status }: Workflow) =>
  ['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '')
