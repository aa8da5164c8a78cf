import assert from 'node:assert/strict'
import type { JsonObject, KubeObject } from '@argosy/engine'
import type { Client, Ref, WatchEvent, WatchQuery } from './client.ts'
import { apiVersionOf, type Resource, resources } from './resource.ts'
import { StatusError, type StatusReason } from './status-error.ts'

/** An object whose fields a case looks into. */
export type Loose = KubeObject & { readonly [field: string]: unknown }

export function ref(resource: Resource, namespace: string, name: string): Ref {
  return { resource, namespace, name }
}

export function configMap(namespace: string, name: string): KubeObject {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace, name },
    data: { text: name },
  }
  return object
}

export function pod(namespace: string, name: string): KubeObject {
  const spec = { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never' }
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name }, spec }
  return object
}

export function workflow(
  namespace: string,
  metadata: KubeObject['metadata'],
  status?: JsonObject,
): KubeObject {
  const object = {
    apiVersion: apiVersionOf(resources.workflows),
    kind: 'Workflow',
    metadata: { namespace, ...metadata },
    spec: { entrypoint: 'main', templates: [] },
    ...(status && { status }),
  }
  return object
}

export function told(event: WatchEvent<Loose>): readonly unknown[] {
  return [event.type, event.name, (event.object['data'] as JsonObject)['text']]
}

export async function refused(
  reason: StatusReason,
  promise: Promise<unknown>,
  message?: string,
): Promise<void> {
  const error = await promise.then(
    () => assert.fail(`expected ${reason}, but it was done`),
    (error: unknown) => error,
  )
  assert.ok(error instanceof StatusError, String(error))
  assert.equal(error.reason, reason, error.message)
  if (message !== undefined) assert.equal(error.message, message)
}

/** Watches while `body` runs, giving it the events one at a time. */
export async function watching(
  client: Client,
  query: WatchQuery,
  body: (next: () => Promise<WatchEvent<Loose>>) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const events = eventsOf(client, query, stop.signal)
  const next = async () => {
    const { value } = await events.next()
    return value ?? assert.fail('the watch ended')
  }
  try {
    await body(next)
  } finally {
    stop.abort()
    await events.return(undefined)
  }
}

async function* eventsOf(client: Client, query: WatchQuery, signal: AbortSignal) {
  for await (const batch of client.watch<Loose>(query, signal)) {
    for (const event of batch) if (event.type !== 'BOOKMARK') yield event
  }
}
