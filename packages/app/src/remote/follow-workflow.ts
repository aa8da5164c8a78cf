import type { Workflow } from '@argosy/engine'
import { type Client, ignore, resources, type WatchEvent, type WatchQuery } from '@argosy/kube'
import type { Remote } from './connect.ts'

/** A workflow as it is, and every time it changes, until it has ended or is deleted; nothing when there is none. */
export async function* followWorkflow(
  { client }: Remote,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): AsyncGenerator<Workflow, undefined> {
  const query = { resource: resources.workflows, namespace, fieldSelector: `metadata.name=${name}` }
  for (;;) {
    const { items, resourceVersion } = await client.list<Workflow>(query)
    const [current] = items
    if (!current) return
    yield current
    if (hasFinished(current)) return
    if (yield* untilTheEnd(changes(client, { ...query, resourceVersion }))) return
  }
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
