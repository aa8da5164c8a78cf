import type { Workflow } from '@argosy/engine'
import {
  type Client,
  type Clock,
  ignore,
  resources,
  StatusError,
  systemClock,
  type WatchEvent,
  type WatchQuery,
} from '@argosy/kube'
import type { Remote } from './connect.ts'

interface Following {
  readonly clock?: Clock
  /** Told once when the server is gone for a while, as while it is started anew. */
  readonly lost?: (error: Error) => void
}

/** How long a server may be gone, and how often it is asked then. */
const patienceMs = 60_000
const pauseMs = 1000

/**
 * A workflow as it is, and every time it changes, until it has ended or is deleted; nothing when there is none. It runs on
 * while a server that once answered is away: only when that lasts, it throws.
 */
export async function* followWorkflow(
  { client }: Pick<Remote, 'client'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { clock = systemClock, lost = () => undefined }: Following = {},
): AsyncGenerator<Workflow, undefined> {
  const query = { resource: resources.workflows, namespace, fieldSelector: `metadata.name=${name}` }
  const patience = new Patience(clock, lost)
  for (;;) {
    try {
      if (yield* oneLook(client, query, patience)) return
    } catch (error) {
      await patience.outlast(error)
    }
  }
}

/** The workflow as it is, and what changes until the server says no more; whether there is nothing more to come. */
async function* oneLook(
  client: Client,
  query: WatchQuery,
  patience: Patience,
): AsyncGenerator<Workflow, boolean> {
  const { items, resourceVersion } = await client.list<Workflow>(query)
  patience.answered()
  const [current] = items
  if (!current) return true
  yield current
  if (hasFinished(current)) return true
  return yield* untilTheEnd(changes(client, { ...query, resourceVersion }))
}

/** With a server that has answered before. */
class Patience {
  readonly #clock: Clock
  readonly #lost: (error: Error) => void
  #hasAnswered = false
  #awaySince: number | undefined

  constructor(clock: Clock, lost: (error: Error) => void) {
    this.#clock = clock
    this.#lost = lost
  }

  answered(): void {
    this.#hasAnswered = true
    this.#awaySince = undefined
  }

  /** Waits a moment; throws what is no such thing, and what lasts too long. */
  async outlast(error: unknown): Promise<void> {
    if (!this.#hasAnswered || !isAway(error)) throw error
    const now = this.#clock.now()
    if (this.#awaySince === undefined) this.#lost(error)
    this.#awaySince ??= now
    if (now - this.#awaySince >= patienceMs) throw error
    await this.#clock.until(now + pauseMs)
  }
}

function isAway(error: unknown): error is StatusError {
  return error instanceof StatusError && error.reason === 'ServiceUnavailable'
}

/** Whether there is nothing more to come. */
async function* untilTheEnd(
  events: AsyncIterable<WatchEvent<Workflow>>,
): AsyncGenerator<Workflow, boolean> {
  for await (const { type, object } of events) {
    if (type === 'DELETED') return true
    yield object
    if (hasFinished(object)) return true
  }
  return false
}

export function hasFinished({ status }: Workflow): boolean {
  return status?.finishedAt !== undefined
}

/** Ends when the server says no more, or that the beginning is too old: then all is looked at anew. */
async function* changes(
  client: Client,
  query: WatchQuery,
): AsyncGenerator<WatchEvent<Workflow>, undefined> {
  const stop = new AbortController()
  try {
    for await (const batch of client.watch<Workflow>(query, stop.signal)) {
      yield* batch.filter(({ type }) => type !== 'BOOKMARK')
    }
  } catch (error) {
    ignore('Expired', 'Gone')(error)
  } finally {
    stop.abort()
  }
}
