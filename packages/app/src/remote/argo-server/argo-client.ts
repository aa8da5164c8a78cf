import type { JsonObject, KubeObject, ObjectMeta } from '@argosy/engine'
import {
  type Client,
  ignore,
  type List,
  type ListQuery,
  type Patch,
  type Ref,
  type RemoveOptions,
  type Resource,
  resources,
  type WatchEvent,
  type WatchQuery,
} from '@argosy/kube'
import type { Ask, Connection } from '@argosy/kube/remote'
import { argoError } from './argo-error.ts'
import {
  type ArgoKind,
  argoKind,
  collectionPath,
  objectPath,
  onlyKubernetes,
  withOptions,
} from './argo-kinds.ts'
import { argoStream } from './argo-stream.ts'

/**
 * What the port can do by an Argo Server's REST API: its four kinds, without patches and without watching templates.
 * The rest throws `NotImplemented`, naming what is missing.
 */
export function argoClient(connection: Connection): Client {
  return new ArgoClient(connection)
}

interface RawList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items?: readonly T[] | null
}

class ArgoClient implements Client {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async get<T extends KubeObject>(ref: Ref, signal?: AbortSignal): Promise<T | undefined> {
    const { resource, namespace, name } = ref
    const path = objectPath(argoKind(resource), namespace, name)
    return this.#ask<T>(path, { signal }).catch(ignore('NotFound'))
  }

  async list<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<List<T>> {
    const { resource, namespace, limit } = query
    const path = withOptions(collectionPath(argoKind(resource), namespace), {
      ...selectors(query),
      'listOptions.limit': limit,
      'listOptions.continue': query.continue,
    })
    const { metadata, items } = await this.#ask<RawList<T>>(path, { signal })
    const next = metadata?.continue
    return {
      items: items ?? [],
      resourceVersion: metadata?.resourceVersion ?? '',
      ...(next && { continue: next }),
    }
  }

  async *watch<T extends KubeObject>(
    query: WatchQuery,
    signal: AbortSignal,
  ): AsyncGenerator<readonly WatchEvent<T>[]> {
    const { resource, namespace = '', resourceVersion } = query
    if (resource !== resources.workflows) throw onlyKubernetes(`to watch ${resource.plural}`)
    const path = withOptions(`/api/v1/workflow-events/${encodeURIComponent(namespace)}`, {
      ...selectors(query),
      'listOptions.resourceVersion': resourceVersion,
    })
    const changes = argoStream<{ type: WatchEvent<T>['type']; object: T }>(
      this.#connection,
      path,
      signal,
    )
    for await (const { type, object } of changes) {
      const { namespace: at = '', name = '', resourceVersion: version = '' } = object.metadata
      yield [{ type, namespace: at, name, resourceVersion: version, object }]
    }
  }

  async create(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta> {
    const kind = argoKind(resource)
    const { namespace } = object.metadata
    const path = collectionPath(kind, namespace)
    return this.#write(path, 'POST', { body: bodyOf(kind, object), signal })
  }

  async update(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<ObjectMeta> {
    const kind = argoKind(resource)
    if (resource === resources.workflows) throw onlyKubernetes('to replace a workflow')
    const { namespace, name = '' } = object.metadata
    const path = objectPath(kind, namespace, name)
    return this.#write(path, 'PUT', { body: { ...bodyOf(kind, object), name }, signal })
  }

  /** Of all patches the API has one: whether a schedule is suspended. */
  async patch(ref: Ref, patch: Patch, signal?: AbortSignal): Promise<ObjectMeta> {
    const suspended = suspension(ref, patch)
    if (suspended === undefined) throw onlyKubernetes(`to change part of a ${ref.resource.kind}`)
    const { namespace = '', name } = ref
    const path = objectPath(argoKind(ref.resource), namespace, name)
    const verb = suspended ? 'suspend' : 'resume'
    return this.#write(`${path}/${verb}`, 'PUT', { body: { name, namespace }, signal })
  }

  async remove(ref: Ref, options: RemoveOptions = {}, signal?: AbortSignal): Promise<void> {
    const { resource, namespace, name } = ref
    const { gracePeriodSeconds, propagationPolicy, uid, resourceVersion } = options
    const path = withOptions(objectPath(argoKind(resource), namespace, name), {
      'deleteOptions.gracePeriodSeconds': gracePeriodSeconds,
      'deleteOptions.propagationPolicy': propagationPolicy,
      'deleteOptions.preconditions.uid': uid,
      'deleteOptions.preconditions.resourceVersion': resourceVersion,
    })
    await this.#ask(path, { method: 'DELETE', signal })
  }

  async #write(path: string, method: 'POST' | 'PUT', ask: Ask): Promise<ObjectMeta> {
    return (await this.#ask<KubeObject>(path, { method, ...ask })).metadata
  }

  #ask<T>(path: string, ask: Ask): Promise<T> {
    return this.#connection.ask<T>(path, ask).catch((error: unknown) => {
      throw argoError(error)
    })
  }
}

function selectors({ labelSelector, fieldSelector }: WatchQuery) {
  return { 'listOptions.labelSelector': labelSelector, 'listOptions.fieldSelector': fieldSelector }
}

function bodyOf({ field, resource }: ArgoKind, object: KubeObject): Record<string, unknown> {
  const { namespace } = object.metadata
  return { [field]: object, ...(resource.namespaced && namespace && { namespace }) }
}

function suspension({ resource }: Ref, { type, body }: Patch): boolean | undefined {
  if (resource !== resources.cronWorkflows || type !== 'merge') return undefined
  const { spec, ...more } = body
  const { suspend, ...others } = (spec ?? {}) as JsonObject
  const isAlone = Object.keys(more).length === 0 && Object.keys(others).length === 0
  return isAlone && typeof suspend === 'boolean' ? suspend : undefined
}
