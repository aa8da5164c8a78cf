import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import type { Pod } from '@argosy/engine'
import { type Clock, StatusError } from '@argosy/kube'
import { badRequest } from '../refusals.ts'
import type { ObjectCall } from './call.ts'
import { drained } from './drained.ts'
import { containerOf } from './pod-container.ts'
import { flag, wholeNumber } from './query.ts'
import type { World } from './world.ts'

/** Where the logs of pods come from: the node. */
export interface PodLogs {
  read(query: PodLogQuery, signal: AbortSignal): AsyncIterable<Buffer>
}

interface PodLogQuery {
  readonly ref: { readonly namespace: string; readonly name: string; readonly uid: string }
  readonly container: string
  readonly previous?: boolean
  readonly follow?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

/** `GET` of a pod's log. */
export async function podLog(call: ObjectCall, world: World): Promise<void> {
  const { kind, place, query, response, left } = call
  if (!world.podLogs) throw new StatusError('NotImplemented', 'this server has no node with logs')
  const pod = world.objects.get(kind, place) as Pod
  await sendPodLog(
    { pod, query, response, signal: left() },
    { logs: world.podLogs, clock: world.clock },
  )
}

/** Answers with what of a pod's log the query asks for. */
export async function sendPodLog(
  {
    pod,
    query,
    response,
    signal,
  }: Pick<ObjectCall, 'query' | 'response'> & { pod: Pod; signal: AbortSignal },
  { logs, clock }: { readonly logs: PodLogs; readonly clock: Clock },
): Promise<void> {
  const wanted = queryOf(query, pod)
  const writtenAt = () => Math.min(clock.now(), endOf(pod, wanted.container))
  const since = sinceIn(query, clock.now())
  const raw = logs.read(wanted, signal)
  const chunks = flag(query, 'timestamps') ? stamped(raw, writtenAt) : raw
  const isPast = since !== undefined && !wanted.follow && writtenAt() < since
  await send(isPast ? nothing() : chunks, response, { signal, isLive: wanted.follow === true })
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** A refusal comes before the headers; a follower gets them before the first line. */
async function send(
  source: AsyncIterable<Buffer>,
  response: ServerResponse,
  { signal, isLive }: { readonly signal: AbortSignal; readonly isLive: boolean },
): Promise<void> {
  const chunks = source[Symbol.asyncIterator]()
  const first = chunks.next()
  if (isLive) await Promise.race([first, turn()])
  else await first
  response.writeHead(200, { 'Content-Type': 'text/plain' })
  response.flushHeaders()
  for (let next = await first; !next.done && !signal.aborted; next = await chunks.next()) {
    if (!response.write(next.value)) await drained(response)
  }
  await chunks.return?.(undefined)
  // One that is cut short must not look whole: its reader asks again.
  if (signal.aborted) response.destroy()
  else response.end()
}

/** Lines carry no time of their own: a line's is that of its reading, or of its container's end if that was before. */
async function* stamped(
  chunks: AsyncIterable<Buffer>,
  writtenAt: () => number,
): AsyncGenerator<Buffer> {
  let isAtStart = true
  for await (const chunk of chunks) {
    const stamp = `${new Date(writtenAt()).toISOString().slice(0, -1)}000000Z `
    const text = chunk.toString('latin1')
    const ends = text.endsWith('\n')
    const body = ends ? text.slice(0, -1) : text
    const lines = body.replaceAll('\n', `\n${stamp}`)
    yield Buffer.from(`${isAtStart ? stamp : ''}${lines}${ends ? '\n' : ''}`, 'latin1')
    isAtStart = ends
  }
}

/** When a container wrote its last line at the latest. */
function endOf({ status }: Pod, container: string): number {
  const all = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
  const finishedAt = all.find(({ name }) => name === container)?.state?.terminated?.finishedAt
  return finishedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(finishedAt)
}

function queryOf(query: URLSearchParams, pod: Pod): PodLogQuery {
  const { namespace = '', name = '', uid = '' } = pod.metadata
  const tailLines = notNegative(query, 'tailLines')
  const limitBytes = notNegative(query, 'limitBytes')
  return {
    ref: { namespace, name, uid },
    container: containerOf(pod, query.get('container') ?? ''),
    previous: flag(query, 'previous'),
    follow: flag(query, 'follow'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
  }
}

function notNegative(query: URLSearchParams, name: string): number | undefined {
  const value = wholeNumber(query, name)
  if (value === undefined || value >= 0) return value
  throw new StatusError(
    'Invalid',
    `PodLogOptions "" is invalid: ${name}: Invalid value: ${value}: must be greater than or equal to 0`,
  )
}

function sinceIn(query: URLSearchParams, now: number): number | undefined {
  const seconds = wholeNumber(query, 'sinceSeconds')
  if (seconds !== undefined) return now - seconds * 1000
  const time = query.get('sinceTime')
  if (!time) return undefined
  const at = Date.parse(time)
  if (Number.isNaN(at)) throw badRequest(`sinceTime: Invalid value: ${JSON.stringify(time)}`)
  return at
}
