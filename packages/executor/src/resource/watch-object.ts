import type { KubeObject } from '@argosy/engine'
import { type Client, type Clock, type Ref, StatusError } from '@argosy/kube'

interface Watching {
  readonly client: Client
  readonly clock: Clock
  readonly signal: AbortSignal
}

const retryMs = 5000

/**
 * Looks at an object, and again whenever it changes, until `decide` has something to say. It is given undefined when the
 * object is not there.
 */
export async function watchObject<T>(
  ref: Ref,
  { client, clock, signal }: Watching,
  decide: Decide<T>,
): Promise<T> {
  for (;;) {
    try {
      const said = await watchOnce(ref, { client, signal }, decide)
      if (said !== undefined) return said
    } catch (error) {
      if (!(error instanceof StatusError) || !passing.has(error.reason)) throw error
    }
    signal.throwIfAborted()
    await clock.until(clock.now() + retryMs, signal)
  }
}

type Decide<T> = (object: KubeObject | undefined) => T | undefined

/** Undefined when the watch ended before there was anything to say. */
async function watchOnce<T>(
  { resource, namespace, name }: Ref,
  { client, signal }: Omit<Watching, 'clock'>,
  decide: Decide<T>,
): Promise<T | undefined> {
  const place = { resource, ...(namespace !== undefined && { namespace }) }
  const query = { ...place, fieldSelector: `metadata.name=${name}` }
  const { items, resourceVersion } = await client.list<KubeObject>(query, signal)
  const first = decide(items[0])
  if (first !== undefined) return first
  for await (const batch of client.watch<KubeObject>({ ...query, resourceVersion }, signal)) {
    for (const event of batch.filter(({ type }) => type !== 'BOOKMARK')) {
      const said = decide(event.type === 'DELETED' ? undefined : event.object)
      if (said !== undefined) return said
    }
  }
  return undefined
}

const passing = new Set<string>([
  'Expired',
  'Gone',
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
  'InternalError',
])

/** Waits until the object is gone, or another one has its name. */
export async function gone(ref: Ref, uid: string | undefined, watching: Watching): Promise<void> {
  await watchObject(ref, watching, (object) => object?.metadata.uid !== uid || undefined)
}
