import { isObject, type Json, type JsonObject, type Pod } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { ApiError } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { batches, type Reply } from '../http/reply.ts'
import { gathered } from '../workflows/gathered.ts'
import { type LogOptions, logOptionsIn } from '../workflows/log-options.ts'
import { placesOfPod } from '../workflows/log-places.ts'
import { entriesOf, type LogSource } from '../workflows/read-logs.ts'
import type { World } from '../world.ts'

/** Whose lines are wanted, and what they look like. */
interface Wanted {
  /** The label of its pods; upstream's controllers set it. */
  readonly label: string
  /** The field of an entry that the label is told in. */
  readonly owner: string
  /** What else an entry tells, where the line is a JSON object that has it. */
  readonly fields: readonly string[]
  /** Query parameters that entries have to agree with. */
  readonly matched: readonly string[]
}

const common = ['namespace', 'level', 'time', 'msg']

const ofEventSources: Wanted = {
  label: 'eventsource-name',
  owner: 'eventSourceName',
  fields: [...common, 'eventSourceName', 'eventSourceType', 'eventName'],
  matched: ['eventSourceType', 'eventName'],
}

const ofSensors: Wanted = {
  label: 'sensor-name',
  owner: 'sensorName',
  fields: [...common, 'sensorName', 'triggerName', 'dependencyName', 'eventContext'],
  matched: ['triggerName'],
}

/** `GET /api/v1/stream/event-sources/{namespace}/logs` */
export const eventSourceLogs = (call: Call, world: World): Promise<Reply> =>
  podLogs(call, world, ofEventSources)

/** `GET /api/v1/stream/sensors/{namespace}/logs` */
export const sensorLogs = (call: Call, world: World): Promise<Reply> =>
  podLogs(call, world, ofSensors)

async function podLogs(call: Call, world: World, wanted: Wanted): Promise<Reply> {
  const { logs, logSearch: search, clock } = world
  if (!logs) throw new ApiError('Unimplemented', 'this server has no logs')
  const { caller, params, query, signal } = call
  const namespace = params['namespace'] ?? ''
  const options = logOptionsIn(call, clock.now(), 'podLogOptions')
  const place = { resource: resources.pods, ...(namespace && { namespace }) }
  await caller.may('list', place)
  await caller.may('get', { ...place, subresource: 'log' })
  if (options.follow) await caller.may('watch', place)
  const name = query.get('name') ?? ''
  const pods = { ...place, labelSelector: name ? `${wanted.label}=${name}` : wanted.label }
  const { client } = caller
  const lines = {
    options,
    source: { client, logs, search, clock, signal },
    entryOf: (pod: Pod, line: string) => entryOf(pod, line, { wanted, now: clock.now() }),
    isWanted: (entry: JsonObject) =>
      wanted.matched.every((field) => [null, '', entry[field]].includes(query.get(field))),
  }
  return batches(options.follow ? followed(pods, lines) : recent(pods, lines))
}

type PodQuery = Parameters<Client['list']>[0]

interface Lines {
  readonly options: LogOptions
  readonly source: LogSource
  readonly entryOf: (pod: Pod, line: string) => JsonObject
  readonly isWanted: (entry: JsonObject) => boolean
}

type Entries = readonly JsonObject[]

/** What the pods have written, one after the other. Upstream goes on waiting for other pods. */
async function* recent(pods: PodQuery, lines: Lines): AsyncGenerator<Entries> {
  const { client, signal } = lines.source
  const { items } = await client.list<Pod>(pods, signal)
  for (const pod of items) yield* linesOf(pod, lines)
}

/** What the pods write, and those that come later, until nobody listens any more. */
function followed(pods: PodQuery, lines: Lines): AsyncGenerator<Entries> {
  const { source } = lines
  return gathered(source.signal, async (channel, signal) => {
    const inside = { ...lines, source: { ...source, signal } }
    const reading = new Map<string, Promise<void>>()
    for await (const batch of source.client.watch<Pod>(pods, signal)) {
      for (const { type, object } of batch) {
        const { uid = '' } = object.metadata
        // One that waits for its start has nothing to read yet.
        const isReady = object.status?.phase !== 'Pending' && type !== 'BOOKMARK'
        if (isReady && !reading.has(uid)) reading.set(uid, channel.pushAll(linesOf(object, inside)))
      }
    }
    await Promise.all(reading.values())
  })
}

/** A log that cannot be read is told of among the lines: the others go on. */
async function* linesOf(pod: Pod, lines: Lines): AsyncGenerator<Entries> {
  const { options, source, entryOf, isWanted } = lines
  try {
    for (const place of await placesOfPod(pod, options, source.logs)) {
      for await (const entries of entriesOf(place, options, source)) {
        const wanted = entries.map(({ content }) => entryOf(pod, content)).filter(isWanted)
        if (wanted.length > 0) yield wanted
      }
    }
  } catch (error) {
    if (source.signal.aborted) return
    const why = error instanceof Error ? error.message : String(error)
    const msg = `the log of the pod ${pod.metadata.name} could not be read: ${why}`
    yield [{ ...entryOf(pod, msg), level: 'error' }]
  }
}

/** argo: LogEntry: what a line of JSON says of itself, else the line as the message. */
function entryOf(
  { metadata }: Pod,
  line: string,
  { wanted, now }: { readonly wanted: Wanted; readonly now: number },
): JsonObject {
  const told = objectIn(line)
  const known = wanted.fields.flatMap((field) => {
    const value = told[field]
    return typeof value === 'string' && value !== '' ? [[field, value] as const] : []
  })
  return {
    namespace: metadata.namespace ?? '',
    [wanted.owner]: metadata.labels?.[wanted.label] ?? '',
    ...{ level: 'info', time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'), msg: line },
    ...Object.fromEntries(known),
  }
}

function objectIn(line: string): JsonObject {
  if (!line.startsWith('{')) return {}
  try {
    const value = JSON.parse(line) as Json
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
