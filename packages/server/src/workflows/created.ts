import { randomInt, randomUUID } from 'node:crypto'
import { formatTime, type KubeObject } from '@argosy/engine'
import { type Client, type Clock, type Resource, StatusError } from '@argosy/kube'

/** Creates an object; resolves to it as the server keeps it. */
export async function created<T extends KubeObject>(
  client: Client,
  resource: Resource,
  object: T,
  signal: AbortSignal,
): Promise<T> {
  return { ...object, metadata: await client.create(resource, object, signal) }
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** What Kubernetes appends to a generateName. */
export function randomSuffix(): string {
  return Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
}

/** The object as it would be created; nothing is. Throws `AlreadyExists`. */
export async function dryRun<T extends KubeObject>(
  { client, clock }: { readonly client: Client; readonly clock: Clock },
  resource: Resource,
  object: T,
): Promise<T> {
  const { name: own, generateName, namespace } = object.metadata
  const name = own || `${generateName ?? ''}${randomSuffix()}`
  const there = await client.get({ resource, name, ...(namespace && { namespace }) })
  if (there) {
    const what = `${resource.plural}.${resource.group} "${name}"`
    throw new StatusError('AlreadyExists', `${what} already exists`)
  }
  const creationTimestamp = formatTime(clock.now())
  const metadata = { ...object.metadata, name, uid: randomUUID(), creationTimestamp }
  return { ...object, metadata }
}
