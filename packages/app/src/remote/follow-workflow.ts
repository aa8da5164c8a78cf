import type { Workflow } from '@argosy/engine'
import { type Client, ignore, resources, type WatchEvent, type WatchQuery } from '@argosy/kube'
import type { Remote } from './connect.ts'
import { Patience } from './patience.ts'

/** A workflow, and the version of it that is known already, if one is: then only what comes after is told. */
interface Followed {
  readonly namespace: string
  readonly name: string
  readonly resourceVersion?: string | undefined
}

/**
 * A workflow as it is, and every time it changes, until it has ended or is deleted; nothing when there is none. It runs on
 * while a server that once answered is away: only when that lasts, it throws.
 */
export async function* followWorkflow(
  { client }: Pick<Remote, 'client'>,
  { namespace, name, resourceVersion }: Followed,
  patience = new Patience(),
): AsyncGenerator<Workflow, undefined> {
  const query = { resource: resources.workflows, namespace, fieldSelector: `metadata.name=${name}` }
  if (resourceVersion !== undefined) patience.answered()
  for (let from = resourceVersion; ; from = undefined) {
    try {
      const known = from === undefined ? undefined : { ...query, resourceVersion: from }
      if (yield* known ? untilTheEnd(changes(client, known)) : oneLook(client, query, patience))
        return
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
