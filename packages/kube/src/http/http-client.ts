import type { Json, JsonObject, KubeObject, ObjectMeta } from '@argosy/engine'
import type {
  Client,
  List,
  ListQuery,
  Patch,
  Ref,
  RemoveOptions,
  WatchEvent,
  WatchQuery,
} from '../client.ts'
import { apiVersionOf, type Resource } from '../resource.ts'
import { ignore, StatusError } from '../status-error.ts'
import type { Connection } from './connection.ts'
import { collectionPath, objectPath, withQuery } from './paths.ts'
import { watchLines } from './watch-lines.ts'

/** The port over HTTPS, to any Kubernetes API. */
export function httpClient(connection: Connection): Client {
  return new HttpClient(connection)
}

const mostTries = 5

class HttpClient implements Client {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async get<T extends KubeObject>(ref: Ref, signal?: AbortSignal): Promise<T | undefined> {
    return this.#connection.ask<T>(objectPath(ref), { signal }).catch(ignore('NotFound'))
  }

  async list<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<List<T>> {
    const path = withQuery(collectionPath(query.resource, query.namespace), query)
    const list = await this.#connection.ask<RawList<T>>(path, { signal })
    const { resourceVersion = '', continue: next } = list.metadata
    return {
      items: (list.items ?? []).map((item) => typed(query.resource, item)),
      resourceVersion,
      ...(next && { continue: next }),
    }
  }

  async *watch<T extends KubeObject>(
    query: WatchQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly WatchEvent<T>[]> {
    let from = query.resourceVersion
    if (from === undefined || from === '' || from === '0') {
      const { items, resourceVersion } = await this.list<T>(query, signal)
      if (items.length > 0) yield items.map(added)
      from = resourceVersion
    }
    const path = withQuery(collectionPath(query.resource, query.namespace), query, {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
    })
    yield* watchLines<T>(this.#connection, path, signal)
  }

  async create(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta> {
    const path = collectionPath(resource, object.metadata.namespace ?? 'default')
    return this.#write(path, 'POST', { body: typed(resource, object), signal })
  }

  async update(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta> {
    const { name = '', namespace = 'default', resourceVersion } = object.metadata
    const ref: Ref = { resource, name, namespace }
    if (resourceVersion) return this.#replace(ref, object, signal)
    for (let left = mostTries; ; left--) {
      // Kubernetes asks for a version of custom objects also from who does not care which one he replaces.
      const { metadata } = await this.#connection.ask<KubeObject>(objectPath(ref), { signal })
      const dated = { ...object, metadata: { ...object.metadata, ...versionOf(metadata) } }
      const done = await this.#replace(ref, dated, signal).catch((error: unknown) => {
        if (left > 1 && error instanceof StatusError && error.reason === 'Conflict')
          return undefined
        throw error
      })
      if (done) return done
    }
  }

  #replace(ref: Ref, object: KubeObject, signal: AbortSignal | undefined): Promise<ObjectMeta> {
    return this.#write(objectPath(ref), 'PUT', { body: typed(ref.resource, object), signal })
  }

  async patch(ref: Ref, patch: Patch, signal?: AbortSignal): Promise<ObjectMeta> {
    return this.#write(objectPath(ref, patch.subresource), 'PATCH', {
      body: patchBody(patch),
      contentType: `application/${patch.type === 'json' ? 'json-patch' : 'merge-patch'}+json`,
      signal,
    })
  }

  async remove(ref: Ref, options: RemoveOptions = {}, signal?: AbortSignal): Promise<void> {
    const { uid, resourceVersion, gracePeriodSeconds, propagationPolicy } = options
    const preconditions = {
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    }
    const body = {
      ...{ apiVersion: 'v1', kind: 'DeleteOptions' },
      propagationPolicy: propagationPolicy ?? 'Background',
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(Object.keys(preconditions).length > 0 && { preconditions }),
    }
    await this.#connection.ask(objectPath(ref), { method: 'DELETE', body, signal })
  }

  async #write(
    path: string,
    method: 'POST' | 'PUT' | 'PATCH',
    ask: { body: unknown; contentType?: string; signal: AbortSignal | undefined },
  ): Promise<ObjectMeta> {
    return (await this.#connection.ask<KubeObject>(path, { method, ...ask })).metadata
  }
}

interface RawList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items: readonly T[] | null
}

/** The items of a list do not say what they are; what is sent must. */
function typed<T extends KubeObject>(resource: Resource, object: T): T {
  if (object.kind && object.apiVersion) return object
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind }
}

function versionOf({ resourceVersion }: ObjectMeta): Pick<ObjectMeta, 'resourceVersion'> {
  return resourceVersion === undefined ? {} : { resourceVersion }
}

function added<T extends KubeObject>(object: T): WatchEvent<T> {
  const { namespace = '', name = '', resourceVersion = '' } = object.metadata
  return { type: 'ADDED', namespace, name, resourceVersion, object }
}

/** A version that a patch sets is one that the server compares: another one is a conflict. */
function patchBody(patch: Patch): Json {
  const { resourceVersion } = patch
  if (resourceVersion === undefined) return patch.body as Json
  if (patch.type === 'json') {
    const op = { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }
    return [op, ...patch.body] as Json
  }
  const metadata = { ...(patch.body['metadata'] as JsonObject | undefined), resourceVersion }
  return { ...patch.body, metadata }
}
