import type { KubeObject, MetricEffect } from '@argosy/engine'
import {
  type Client,
  type Clock,
  type ListQuery,
  type QueueMeters,
  StatusError,
  type WatchEvent,
} from '@argosy/kube'

/** Who wants to know a collection and everything that happens to it. */
export interface Reader<T> {
  /** Everything there is: at the start, and again after a gap, when nothing known before counts any more. */
  start(items: readonly T[], resourceVersion: string): void | Promise<void>
  /** What was committed together. */
  hear(batch: readonly WatchEvent<T>[]): void
}

export interface Surroundings {
  readonly client: Client
  readonly clock: Clock
  readonly log: (line: string) => void
  readonly metrics?: (effects: readonly MetricEffect[]) => void
  readonly meters?: QueueMeters
}

const retryMs = [100, 500, 1000, 2000, 5000]

/**
 * Reads a collection until the signal aborts. Resolves once the first list has been read; `ended` then resolves after
 * the abort. A broken watch goes on where it was; one that is too old begins again with a list.
 */
export async function follow<T extends KubeObject>(
  query: ListQuery,
  reader: Reader<T>,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const version = await begin(query, reader, surroundings.client, signal)
  return { ended: keepWatching(query, reader, surroundings, { version, signal }) }
}

async function begin<T extends KubeObject>(
  query: ListQuery,
  reader: Reader<T>,
  client: Client,
  signal: AbortSignal,
): Promise<string> {
  const { items, resourceVersion } = await client.list<T>(query, signal)
  await reader.start(items, resourceVersion)
  return resourceVersion
}

async function keepWatching<T extends KubeObject>(
  query: ListQuery,
  reader: Reader<T>,
  { client, clock, log }: Surroundings,
  { version, signal }: { readonly version: string; readonly signal: AbortSignal },
): Promise<void> {
  let from: string | undefined = version
  let failures = 0
  const watch = async () => {
    from ??= await begin(query, reader, client, signal)
    for await (const batch of client.watch<T>({ ...query, resourceVersion: from }, signal)) {
      reader.hear(batch)
      from = batch.at(-1)?.resourceVersion ?? from
      failures = 0
    }
  }
  while (!signal.aborted) {
    const error = await watch().catch((reason: unknown) => reason)
    if (signal.aborted) return
    // What is neither a refusal nor the network is a mistake of ours; a new list heals what it can.
    if (error !== undefined && !isNetwork(error)) from = undefined
    log(`watching ${query.resource.plural}: ${String(error ?? 'it ended')}`)
    const pause = retryMs[Math.min(failures++, retryMs.length - 1)] ?? 0
    await clock.until(clock.now() + pause, signal).catch(() => undefined)
  }
}

/** The server could not be asked; what we know is still the beginning of what comes. */
function isNetwork(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false
  return ['ServiceUnavailable', 'Timeout', 'TooManyRequests', 'InternalError'].includes(
    error.reason,
  )
}
