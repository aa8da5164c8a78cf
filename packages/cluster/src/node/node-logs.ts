import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pod } from '@argosy/engine'
import { type Client, type Clock, resources, StatusError } from '@argosy/kube'
import { layoutOf, logFiles, type PodRef, parseLog, parseLogName } from './layout.ts'
import { entries } from './recovery.ts'

export interface LogQuery {
  readonly ref: PodRef
  readonly container: string
  /** Default: the last. */
  readonly attempt?: number
  /** The attempt before the last. */
  readonly previous?: boolean
  /** Goes on until the container has ended. */
  readonly follow?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

/** Reads what containers wrote, also of pods that are gone (docs/decisions/0004-step-logs.md). */
export interface NodeLogs {
  /** Throws the kubelet's refusal when there is nothing to read. */
  read(query: LogQuery, signal: AbortSignal): AsyncGenerator<Buffer>
  /** What `read` would read now, of files of this machine: for who searches many bytes. Refuses as it does. */
  parts?(query: LogQuery): Promise<readonly LogPart[]>
  /** The containers of a pod that have logs. */
  containers(ref: PodRef): Promise<readonly string[]>
  /** All logs of the pods that have or had these names. */
  kept(namespace: string, pods: ReadonlySet<string>): Promise<readonly KeptLog[]>
}

/** A part of a file; standard error comes after standard output where they are apart. */
interface LogPart {
  readonly path: string
  readonly start: number
  readonly end: number
}

/** The log of one attempt of a container. */
interface KeptLog {
  readonly ref: PodRef
  readonly container: string
  readonly attempt: number
  /** When it was last written to, in milliseconds. */
  readonly writtenAt: number
}

export function nodeLogs(options: {
  readonly client: Client
  readonly clock: Clock
  readonly dataDir: string
}): NodeLogs {
  const { logs } = layoutOf(options.dataDir)
  return {
    async containers(ref) {
      const found = (await entries(logs)).map((name) => parseLog(ref, name)?.container)
      return [...new Set(found.filter((name) => name !== undefined))]
    },
    kept: (namespace, pods) => keptIn(logs, namespace, pods),
    async parts(query) {
      const { files } = await filesOf(logs, options.client, query)
      return shortened(await tail(await segmentsOf(files), query.tailLines), query.limitBytes)
    },
    async *read(query, signal) {
      const { files, attempt } = await filesOf(logs, options.client, query)
      const segments = await tail(await segmentsOf(files), query.tailLines)
      const ended = () => hasEnded(options.client, query, attempt)
      const budget = { left: query.limitBytes ?? Number.POSITIVE_INFINITY }
      yield* limited(readAll(segments), budget)
      if (!query.follow || query.previous) return
      yield* limited(follow(segments, ended, { clock: options.clock, signal }), budget)
    },
  }
}

async function filesOf(
  folder: string,
  client: Client,
  query: LogQuery,
): Promise<{ readonly files: readonly string[]; readonly attempt: number }> {
  const { container, ref, previous } = query
  const attempts = [...(await attemptsOf(folder, query)), ...(await toldAttempt(client, query))]
  const attempt = query.attempt ?? Math.max(...attempts) - (previous ? 1 : 0)
  if (attempt >= 0) {
    const { stdout, stderr } = logFiles(folder, ref, { container, attempt, split: true })
    return { files: [stdout, stderr], attempt }
  }
  // The kubelet's words.
  throw new StatusError(
    'BadRequest',
    previous
      ? `previous terminated container "${container}" in pod "${ref.name}" not found`
      : `container "${container}" in pod "${ref.name}" is waiting to start: ContainerCreating`,
  )
}

async function keptIn(
  folder: string,
  namespace: string,
  pods: ReadonlySet<string>,
): Promise<readonly KeptLog[]> {
  const kept: KeptLog[] = []
  for (const name of await entries(folder)) {
    const found = parseLogName(name)
    if (found?.ref.namespace !== namespace || !pods.has(found.ref.name)) continue
    const stats = await stat(join(folder, name)).catch(() => undefined)
    if (stats) kept.push({ ...found, writtenAt: stats.mtimeMs })
  }
  return kept
}

/** Asks for one file after the other: the folder holds the logs of all pods that ever were. */
async function attemptsOf(folder: string, { ref, container }: LogQuery): Promise<Set<number>> {
  const attempts = new Set<number>()
  const isThere = async (attempt: number) => {
    const { stdout } = logFiles(folder, ref, { container, attempt, split: false })
    return stat(stdout).then(
      () => true,
      () => false,
    )
  }
  while (await isThere(attempts.size)) attempts.add(attempts.size)
  if (attempts.size > 0) return attempts
  for (const name of await entries(folder)) {
    const found = parseLog(ref, name)
    if (found?.container === container) attempts.add(found.attempt)
  }
  return attempts
}

/** A container that has said nothing may have no log: its pod's status tells that it ran. */
async function toldAttempt(client: Client, { ref, container }: LogQuery): Promise<number[]> {
  const pod = await podOf(client, ref)
  const { restartCount = 0, state, lastState } = (pod && containerStatus(pod, container)) ?? {}
  if (state?.running || state?.terminated) return [restartCount]
  return lastState?.terminated ? [Math.max(0, restartCount - 1)] : []
}

async function segmentsOf(paths: readonly string[]): Promise<readonly LogPart[]> {
  return Promise.all(paths.map(async (path) => ({ path, start: 0, end: await sizeOf(path) })))
}

/** The first of their bytes. */
function shortened(
  parts: readonly LogPart[],
  limitBytes = Number.POSITIVE_INFINITY,
): readonly LogPart[] {
  let left = limitBytes
  return parts.map(({ path, start, end }) => {
    const length = Math.min(end - start, left)
    left -= length
    return { path, start, end: start + length }
  })
}

/** Both files may come into being later than the reader. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** A gigabyte is read in few pieces. */
const highWaterMark = 512 * 1024

async function* readAll(segments: readonly LogPart[]): AsyncGenerator<Buffer> {
  for (const { path, start, end } of segments) {
    if (end > start) yield* createReadStream(path, { start, end: end - 1, highWaterMark })
  }
}

/** Between two looks at a log: of one that is written to, and of one that rests. */
const [busyMs, restMs] = [80, 200]

async function* follow(
  read: readonly LogPart[],
  hasEnded: () => Promise<boolean>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Buffer> {
  let segments = read
  for (;;) {
    // Asked before looking at the files: what was written until the end is read after it.
    const ended = await hasEnded()
    segments = await Promise.all(
      segments.map(async ({ path, end }) => ({ path, start: end, end: await sizeOf(path) })),
    )
    yield* readAll(segments)
    if (ended || signal.aborted) return
    const isBusy = segments.some(({ start, end }) => end > start)
    await clock.until(clock.now() + (isBusy ? busyMs : restMs), signal).catch(() => undefined)
  }
}

/** Of this attempt: who follows a container that is started again sees its end. */
async function hasEnded(
  client: Client,
  { ref, container }: LogQuery,
  attempt: number,
): Promise<boolean> {
  const pod = await podOf(client, ref)
  const phase = pod?.status?.phase
  if (!pod || phase === 'Succeeded' || phase === 'Failed') return true
  const { restartCount = 0, state, lastState } = containerStatus(pod, container) ?? {}
  if (restartCount !== attempt) return restartCount > attempt
  // Its file is there a moment before its status says that it runs: waiting alone is no end.
  const rests = state?.waiting !== undefined && lastState?.terminated !== undefined
  return state?.terminated !== undefined || rests
}

/** Undefined when it is gone, or another one of its name is there. */
async function podOf(client: Client, { namespace, name, uid }: PodRef): Promise<Pod | undefined> {
  const pod = await client.get<Pod>({ resource: resources.pods, namespace, name })
  return pod?.metadata.uid === uid ? pod : undefined
}

function containerStatus({ status }: Pod, container: string) {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {}
  return [...initContainerStatuses, ...containerStatuses].find(({ name }) => name === container)
}

async function* limited(
  chunks: AsyncIterable<Buffer>,
  budget: { left: number },
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (budget.left <= 0) return
    yield chunk.subarray(0, budget.left)
    budget.left -= chunk.length
  }
}

/** The segments cut down to their last lines. */
async function tail(
  segments: readonly LogPart[],
  lines: number | undefined,
): Promise<readonly LogPart[]> {
  if (lines === undefined) return segments
  let left = lines
  const kept: LogPart[] = []
  for (const segment of segments.toReversed()) {
    const found = await startOfLast(segment, left)
    kept.unshift({ ...segment, start: found.start })
    left = found.left
  }
  return kept
}

const blockSize = 64 * 1024

/** Where the last `lines` lines of a segment begin, and how many of them were not in it. */
async function startOfLast(
  { path, end }: LogPart,
  lines: number,
): Promise<{ readonly start: number; readonly left: number }> {
  if (lines <= 0 || end === 0) return { start: end, left: lines }
  const file = await open(path)
  try {
    let left = lines
    for (let to = end; to > 0; to -= blockSize) {
      const from = Math.max(0, to - blockSize)
      // The newline at the very end ends a line, it begins none.
      const length = to === end ? to - from - 1 : to - from
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, from)
      const at = nthLast(buffer, left)
      if (at.index >= 0) return { start: from + at.index + 1, left: 0 }
      left -= at.found
    }
    return { start: 0, left: left - 1 }
  } finally {
    await file.close()
  }
}

/** Where the `count`-th newline from the end is, -1 when there are only `found`. */
function nthLast(bytes: Buffer, count: number): { readonly index: number; readonly found: number } {
  let found = 0
  for (let at = bytes.lastIndexOf(0x0a); at >= 0; at = bytes.lastIndexOf(0x0a, at - 1)) {
    found += 1
    if (found === count) return { index: at, found }
    if (at === 0) break
  }
  return { index: -1, found }
}
